// What a page says for some seconds, and what it asks before it acts.

import { Problem } from "./api.js";
import { $, all, el } from "./elements.js";
import { t } from "./texts.js";

/**
 * Show a sentence for some seconds; screen readers read it out.
 * @param {string} text
 * @param {"plain" | "good" | "bad"} [kind]
 */
export function notify(text, kind = "plain") {
  const notice = el("p", { class: `notice ${kind}` }, text);
  $("#notices").append(notice);
  setTimeout(() => notice.remove(), kind === "bad" ? 9000 : 5000);
}

/**
 * The sentence of an error.
 * @param {unknown} error
 */
export function sentenceOf(error) {
  return (error instanceof Error && error.message) || t("problem");
}

/**
 * Run `work`; a refusal is shown as a notice. Whether it went well.
 * @param {() => unknown} work
 */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    notify(sentenceOf(error), "bad");
    return false;
  }
}

/**
 * Look again at what the server has; that it cannot be reached is told by the badge of the line already.
 * @param {() => Promise<unknown>} work
 */
export async function look(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem && error.code === "network")) notify(sentenceOf(error), "bad");
  }
}

/**
 * Open a dialog; resolves with its form's data, or null when it was closed without submitting.
 * @param {string} selector
 * @returns {Promise<FormData | null>}
 */
export function ask(selector) {
  const dialog = $(selector, HTMLDialogElement);
  const form = $("form", HTMLFormElement, dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    const stop = new AbortController();
    /** @param {FormData | null} value */
    const done = (value) => {
      stop.abort();
      if (dialog.open) dialog.close();
      resolve(value);
    };
    const on = { signal: stop.signal };
    const submitted = (/** @type {Event} */ event) => {
      event.preventDefault();
      done(new FormData(form));
    };
    form.addEventListener("submit", submitted, on);
    dialog.addEventListener("close", () => done(null), on);
    for (const button of all("[data-close]", HTMLElement, dialog))
      button.addEventListener("click", () => done(null), on);
  });
}
