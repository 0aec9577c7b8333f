// A file that is put in, as a line of the list: how far it has come, and a button to leave it out.

import { el } from "../shared/elements.js";
import { t } from "../shared/texts.js";

/** @import { FileOutcome } from "../types" */

/**
 * A file to send, or the name alone of one that was sent before.
 * @typedef {{ file: File | { name: string }, folder: string }} Item
 */

export class UploadRow {
  /** @type {string} what it is stored under, "" until it is sent */
  name;
  settled = false; // its outcome is told
  left = false; // somebody left it out
  #stop = new AbortController();
  #words = el("span", {}, t("up_waiting"));
  #bar;
  #leave;
  #element;

  /**
   * @param {Item} item
   * @param {HTMLElement} list
   * @param {string} [name]
   */
  constructor(item, list, name = "") {
    const shown = [item.folder, item.file.name].filter(Boolean).join("/");
    const label = `${t("cancel")} ${shown}`;
    this.item = item;
    this.name = name;
    this.#bar = el("progress", { max: 1, value: 0, "aria-label": shown });
    this.#leave = el(
      "button",
      { type: "button", class: "quiet", "aria-label": label, onclick: () => this.abort() },
      t("cancel"),
    );
    const title = el("span", { class: "upload-name", title: shown }, shown);
    this.#element = el("li", { class: "upload" }, title, this.#words, this.#leave, this.#bar);
    list.prepend(this.#element);
  }

  /** Ends when the file is left out. */
  get signal() {
    return this.#stop.signal;
  }

  /** The name without its folders. */
  get base() {
    return this.name.split("/").pop() ?? "";
  }

  abort() {
    this.left = true;
    this.#stop.abort();
    if (!this.name) this.fail(t("up_cancelled"), true);
  }

  /**
   * @param {string} text
   * @param {"" | "good" | "bad"} kind
   * @param {number | null} share of the work that is done, in [0, 1]; null where it is not known
   */
  state(text, kind, share) {
    this.#words.textContent = text;
    this.#words.className = kind;
    this.#bar.hidden = share === 1;
    this.#leave.hidden = Boolean(this.name) || share === 1;
    if (share === null) this.#bar.removeAttribute("value");
    else this.#bar.value = share;
  }

  /**
   * @param {FileOutcome} outcome
   * @param {string} reason
   * @param {string} member of the archive that this file is, "" for the file itself
   */
  settle(outcome, reason, member) {
    const bad = outcome === "failed" || outcome === "held";
    if (member && bad) this.state(t("up_partly"), "bad", 1);
    else if (!member || !this.settled) this.state(t(`up_${outcome}`), bad ? "bad" : "good", 1);
    this.settled = true;
    if (reason) this.#element.append(el("span", { class: "reason" }, member ? `${member}：${reason}` : reason));
  }

  /**
   * @param {string} reason
   * @param {boolean} [calm] nothing went wrong
   */
  fail(reason, calm = false) {
    this.settled = true;
    this.state(calm ? reason : t("up_failed"), calm ? "" : "bad", 1);
    this.#element.querySelector(".reason")?.remove();
    if (!calm) this.#element.append(el("span", { class: "reason" }, reason));
  }
}
