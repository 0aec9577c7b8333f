// What the applicant has written and the server has not yet accepted; kept in this browser, to outlast a reload.

import { identifier } from "../shared/identifiers.js";
import { read, write } from "../shared/storage.js";

/**
 * A message as written; `label` is of the button that was pressed instead.
 * @typedef {{ id: string, text: string, label?: string }} Waiting
 */

const KEY = "laofashi.outbox";
const LIMIT = 50;
const LONGEST = 100; // characters of a label

/** Messages waiting to be accepted, oldest first; each keeps its id through every resend. */
export class Outbox {
  /** @type {Waiting[]} what holds until the page closes, where storage is forbidden */
  #memory = [];

  all() {
    const text = read(KEY);
    if (text !== null) this.#memory = parsed(text) ?? this.#memory;
    return this.#memory;
  }

  /**
   * @param {string} text
   * @param {string} [label]
   */
  add(text, label) {
    const item = { id: identifier(), text: text.replace(/\p{Surrogate}/gu, "\uFFFD"), label: label?.slice(0, LONGEST) };
    this.#keep([...this.all(), item].slice(-LIMIT));
    return item;
  }

  /** @param {string | null} id */
  remove(id) {
    const left = this.all().filter((item) => item.id !== id);
    if (left.length !== this.#memory.length) this.#keep(left);
  }

  /** @param {Waiting[]} items */
  #keep(items) {
    this.#memory = items;
    write(KEY, JSON.stringify(items));
  }
}

/**
 * What was kept, less what is no message; null where it cannot be read.
 * @param {string} text
 * @returns {Waiting[] | null}
 */
function parsed(text) {
  try {
    const kept = JSON.parse(text);
    return Array.isArray(kept) ? kept.filter((item) => item?.id && typeof item.text === "string") : [];
  } catch {
    return null;
  }
}
