// What the console keeps in this browser: drafts, what was seen, links to shared screens, whether it sounds.

import { read, write } from "../shared/storage.js";

/**
 * What each key holds; a draft's id is the one it is sent under.
 * @typedef {{
 *   sound: true,
 *   [draft: `draft:${string}`]: { text: string, id: string },
 *   [seen: `seen:${string}`]: number,
 *   [share: `share:${string}`]: { id: string, url: string },
 * }} Kept
 */

/**
 * What is kept under `key`, or null.
 * @template {keyof Kept} K
 * @param {K} key
 * @returns {Kept[K] | null}
 */
export function kept(key) {
  return JSON.parse(read(`desk:${key}`) ?? "null");
}

/**
 * Keep a value under `key`; null forgets it.
 * @template {keyof Kept} K
 * @param {K} key
 * @param {Kept[K] | null} value
 */
export function keep(key, value) {
  write(`desk:${key}`, value === null ? null : JSON.stringify(value));
}
