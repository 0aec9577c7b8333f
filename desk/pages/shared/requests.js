// JSON asked of the server and given to it. Served to the applicant's pages, too.

/**
 * What the server answered; `answer` is null where it sent no JSON.
 * @typedef {{ status: number, ok: boolean, answer: unknown }} Answered
 */

/**
 * Ask for JSON; with a body, POST it. Raises TypeError where the server cannot be reached.
 * @param {string} path
 * @param {object} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<Answered>}
 */
export async function request(path, body, headers = {}) {
  const response = await fetch(path, {
    cache: "no-store",
    credentials: "same-origin",
    headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }), ...headers },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  const json = response.headers.get("content-type")?.startsWith("application/json");
  const answer = json ? await response.json() : null;
  return { status: response.status, ok: response.ok, answer };
}
