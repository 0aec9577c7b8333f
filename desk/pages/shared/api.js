// Requests of the desk's pages: guarded by the session's token, refusals as sentences.

import { english } from "./sentences.js";
import { request } from "./requests.js";
import { known, t } from "./texts.js";

export const csrfToken = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";

/** A request that was refused; `code` is the server's word for why, `message` the sentence to show. */
export class Problem extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status
   */
  constructor(code, message, status) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * Ask the server for JSON; with a body, POST it. Raises Problem.
 * @template T what the server answers, as the caller says
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<T>}
 */
export async function api(path, body) {
  const { status, ok, answer } = await request(path, body, { "X-CSRF-Token": csrfToken }).catch(() => {
    throw new Problem("network", t("network"), 0);
  });
  if (ok) return /** @type {T} */ (answer);
  if (status === 401) signedOut();
  throw problem(answer, status);
}

/**
 * The Problem in a refusal's JSON, its sentence in the reader's language.
 * @param {unknown} answer
 * @param {number} status
 */
export function problem(answer, status) {
  const { error = "problem", message } = /** @type {{ error?: string, message?: string }} */ (answer ?? {});
  const ours = known(error);
  return new Problem(error, (english() ? ours : (message ?? ours)) ?? t("problem"), status);
}

/** Go to the page where one signs in, and then back here. */
export function signedOut() {
  location.assign(`/desk/sign-in?next=${encodeURIComponent(location.pathname)}`);
}
