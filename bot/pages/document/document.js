// The document page: large type, the marked clause reached by keyboard, pages of the original turned beside the text.

import { offerLargeType } from "../large_type.js";
import { $, all } from "../shared/elements.js";
import { fill } from "../shared/sentences.js";

/** <original-pages>: a picture of one page, and buttons that turn it. */
class OriginalPages extends HTMLElement {
  #page = 0;
  #total = 0;

  connectedCallback() {
    this.#page = Number(this.dataset.page);
    this.#total = Number(this.dataset.pages);
    this.#picture.addEventListener("load", () => this.#picture.removeAttribute("aria-busy"));
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.#turn(this.#page + Number(button.dataset.step)));
    }
    this.#say();
  }

  get #picture() {
    return $("img", HTMLImageElement, this);
  }

  get #buttons() {
    return all("[data-step]", HTMLButtonElement, this);
  }

  /** @param {number} page */
  #turn(page) {
    if (page < 1 || page > this.#total) return;
    this.#page = page;
    this.#picture.setAttribute("aria-busy", "true");
    this.#picture.src = `${this.dataset.address}/${page}`;
    this.#picture.alt = fill(this.dataset.alt ?? "", { n: page });
    this.#say();
  }

  #say() {
    const place = { n: this.#page, total: this.#total };
    $("[role=status]", HTMLElement, this).textContent = fill(this.dataset.of ?? "", place);
    for (const button of this.#buttons) {
      const next = this.#page + Number(button.dataset.step);
      button.disabled = next < 1 || next > this.#total;
    }
  }
}

const cited = document.getElementById("cited");
if (cited && location.hash === "#cited") cited.focus({ preventScroll: true });
offerLargeType();
customElements.define("original-pages", OriginalPages);
