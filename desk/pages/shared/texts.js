// The desk's sentences, as the server put them into the page.

import { $ } from "./elements.js";
import { fill } from "./sentences.js";

/** @typedef {keyof typeof import("./texts.json")["zh"]} TextKey */

/** @type {Record<string, string | undefined>} */
const texts = JSON.parse($("#texts", HTMLScriptElement).text);

/**
 * The sentence under `key`, its {names} filled from `values`.
 * @param {TextKey} key
 * @param {object} [values]
 */
export function t(key, values) {
  return fill(texts[key] ?? key, values);
}

/**
 * The sentence for a word of the server's, where there is one.
 * @param {string} word
 */
export function known(word) {
  return texts[word];
}
