// What publishing a version would change, tried without publishing it.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { ask, sentenceOf } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { drawEffects } from "./effects.js";

/** @import { Effect, GoldenEffect } from "../types" */

/** Tries the version at an address, and says so before anybody publishes it unseeing. */
export class Rehearsal {
  #at;
  /** @type {Promise<GoldenEffect["changed"]> | null} the golden questions that would go wrong */
  #trial = null;

  /** @param {string} at */
  constructor(at) {
    this.#at = at;
    $("#effects-do").addEventListener("click", () => this.#begin());
  }

  /** Try it, if that was not done since the version changed. */
  async once() {
    await (this.#trial ?? this.#begin());
  }

  /** The version changed: what was tried holds no more. */
  forget() {
    this.#trial = null;
  }

  /** Whether publishing is wanted although golden questions would go wrong; waits for the trial under way. */
  async wanted() {
    const worse = await (this.#trial ?? this.#begin());
    if (!worse.length) return true;
    $("#worse").replaceChildren(
      ...worse.map(({ question, after }) => {
        return el("li", {}, question, el("div", { class: "muted small" }, after.problem));
      }),
    );
    return Boolean(await ask("#worse-dialog"));
  }

  #begin() {
    return (this.#trial = this.#draw());
  }

  /** Draw what publishing would change; the questions that would go wrong, none where it could not be tried. */
  async #draw() {
    const place = $("#effects");
    place.replaceChildren(el("p", { class: "muted" }, t("effects_working")));
    try {
      /** @type {Effect} */
      const effect = await api(`${this.#at}/effects`);
      place.replaceChildren(...drawEffects(effect));
      return effect.golden.changed.filter(({ before, after }) => after.problem && !before.problem);
    } catch (error) {
      place.replaceChildren(el("p", { class: "problem" }, sentenceOf(error)));
      return [];
    }
  }
}
