// The original beside its clauses: a PDF's pages as pictures, a web page in a closed frame, else its text as read.

import { el } from "../shared/elements.js";
import { t } from "../shared/texts.js";

/** @import { Clause, Sheet } from "../types" */

/** <original-sheet>: `show` fills it, `point` brings a clause into view. */
export class OriginalSheet extends HTMLElement {
  #address = "";
  #text = "";
  #pages = 0;
  #page = 0;
  #paper = el("div", { class: "as-read" });
  #picture = el("img", { onload: () => this.#picture.removeAttribute("aria-busy") });
  #where = el("span", { role: "status" });
  #back = el("button", { type: "button", onclick: () => this.#turn(this.#page - 1) }, t("previous_page"));
  #on = el("button", { type: "button", onclick: () => this.#turn(this.#page + 1) }, t("next_page"));

  /**
   * @param {Sheet} sheet
   * @param {string} text what was read
   */
  show({ address, kind, pages = 0 }, text) {
    this.#address = address;
    this.#text = text;
    this.#pages = kind === "pages" ? pages : 0;
    this.#page = 0;
    if (kind === "pages") this.#drawPages();
    else if (kind === "frame") this.replaceChildren(frame(`${address}/framed`));
    else if (kind === "picture") this.replaceChildren(el("img", { src: `${address}/original`, alt: t("original") }));
    else this.#drawText(kind === "file");
  }

  /** @param {boolean} kept the file can be had */
  #drawText(kept) {
    this.#paper.replaceChildren(this.#text);
    const href = `${this.#address}/original`;
    const save = kept && el("a", { href, class: "button" }, t("download_original"));
    this.replaceChildren(
      el("p", { class: "row" }, save, el("span", { class: "muted small" }, t("text_as_read"))),
      el("div", { class: "scroller", tabIndex: 0 }, this.#paper),
    );
  }

  /** Bring a clause into view: its page, or its words marked in the text. @param {Clause} clause */
  point({ page, start, end }) {
    if (!this.#paper.isConnected || !end) return this.#turn(page);
    const mark = el("mark", {}, this.#text.slice(start, end));
    this.#paper.replaceChildren(this.#text.slice(0, start), mark, this.#text.slice(end));
    mark.scrollIntoView({ block: "nearest" });
  }

  #drawPages() {
    this.replaceChildren(
      el("div", { class: "turn" }, this.#back, this.#where, this.#on),
      el("div", { class: "scroller", tabIndex: 0 }, this.#picture),
    );
    this.#turn(1);
  }

  /** Turn to a page; ignored where there is none. @param {number | null} page */
  #turn(page) {
    if (!page || page < 1 || page > this.#pages || page === this.#page) return;
    this.#page = page;
    this.#picture.setAttribute("aria-busy", "true");
    this.#picture.src = `${this.#address}/pages/${page}`;
    this.#picture.alt = t("picture_of", { n: page });
    this.#where.textContent = t("page_of", { n: page, total: this.#pages });
    this.#back.disabled = page <= 1;
    this.#on.disabled = page >= this.#pages;
  }
}

/** @param {string} src */
function frame(src) {
  const closed = el("iframe", { src, title: t("original"), loading: "lazy" });
  closed.setAttribute("sandbox", "");
  return closed;
}

customElements.define("original-sheet", OriginalSheet);
