// What the applicant has written and the server has not yet accepted; kept in this browser, so that a reload loses nothing.

const KEY = "laofashi.outbox";
const LIMIT = 50;

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // a page on plain http has no randomUUID
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Messages waiting to be accepted, oldest first; each keeps its id through every resend. */
export class Outbox {
  #memory = [];

  /** @returns {{id: string, text: string, label?: string}[]} `label` is of the button pressed instead of writing */
  all() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      this.#memory = Array.isArray(kept) ? kept.filter((item) => item && item.id && typeof item.text === "string") : [];
    } catch {
      // storage is forbidden or broken: what is in memory holds until the page closes
    }
    return this.#memory;
  }

  add(text, label) {
    const item = { id: newId(), text: text.replace(/\p{Surrogate}/gu, "\uFFFD"), label: label?.slice(0, 100) };
    this.#keep([...this.all(), item].slice(-LIMIT));
    return item;
  }

  remove(id) {
    const left = this.all().filter((item) => item.id !== id);
    if (left.length !== this.#memory.length) this.#keep(left);
  }

  #keep(items) {
    this.#memory = items;
    try {
      localStorage.setItem(KEY, JSON.stringify(items));
    } catch {
      // as above
    }
  }
}
