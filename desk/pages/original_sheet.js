// The original beside its clauses: a PDF's pages as pictures, a web page in a closed frame, else its text as it was read.

import { el, t } from "/desk/assets/common.js";

customElements.define("original-sheet", class extends HTMLElement {
  /** Show `{address, kind, pages}`: kind is pages, frame, picture, file or none; `text` is what was read. */
  show({ address, kind, pages = 0 }, text) {
    Object.assign(this, { address, pages, text, page: 0, paper: null });
    if (kind === "pages") this.drawPages();
    else if (kind === "frame") this.replaceChildren(el("iframe", { src: `${address}/framed`, title: t("original"), sandbox: "", loading: "lazy" }));
    else if (kind === "picture") this.replaceChildren(el("img", { src: `${address}/original`, alt: t("original") }));
    else this.drawText(kind === "file");
  }

  drawText(kept) {
    this.paper = el("div", { class: "as-read" }, this.text);
    const save = kept ? el("a", { href: `${this.address}/original`, class: "button" }, t("download_original")) : "";
    this.replaceChildren(el("p", { class: "row" }, save, el("span", { class: "muted small" }, t("text_as_read"))), el("div", { class: "scroller", tabIndex: 0 }, this.paper));
  }

  /** Bring a clause into view: its page, or its words marked in the text. */
  point({ page, start, end }) {
    if (!this.paper || !end) return this.turn(page);
    const mark = el("mark", {}, this.text.slice(start, end));
    this.paper.replaceChildren(this.text.slice(0, start), mark, this.text.slice(end));
    mark.scrollIntoView({ block: "nearest" });
  }

  drawPages() {
    this.picture = el("img", {});
    this.picture.addEventListener("load", () => this.picture.removeAttribute("aria-busy"));
    this.where = el("span", { role: "status" });
    this.steps = [[-1, "previous_page"], [1, "next_page"]].map(([step, word]) => el("button", { type: "button", onclick: () => this.turn(this.page + step) }, t(word)));
    this.replaceChildren(el("div", { class: "turn" }, this.steps[0], this.where, this.steps[1]), el("div", { class: "scroller", tabIndex: 0 }, this.picture));
    this.turn(1);
  }

  /** Turn to a page; ignored where there is none. */
  turn(page) {
    if (!this.pages || !page || page < 1 || page > this.pages || page === this.page) return;
    this.page = page;
    this.picture.setAttribute("aria-busy", "true");
    Object.assign(this.picture, { src: `${this.address}/pages/${page}`, alt: t("picture_of", { n: page }) });
    this.where.textContent = t("page_of", { n: page, total: this.pages });
    this.steps[0].disabled = page <= 1;
    this.steps[1].disabled = page >= this.pages;
  }
});
