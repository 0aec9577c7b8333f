// What sentences of both sites need: the language of the page, and blanks to be filled.

/** Whether the page speaks English now; else it speaks Chinese. */
export function english() {
  return document.documentElement.lang === "en";
}

/**
 * The sentence with its {names} filled from `values`; a name without a value leaves nothing.
 * @param {string} sentence
 * @param {object} [values]
 */
export function fill(sentence, values = {}) {
  const known = new Map(Object.entries(values));
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(known.get(name) ?? ""));
}
