// The document page: large type, the marked clause reached by keyboard, pages of the original turned beside the text.

const root = document.documentElement;
const large = document.getElementById("large");

function showLarge() {
  large.setAttribute("aria-pressed", String("large" in root.dataset));
}

large.addEventListener("click", () => {
  if ("large" in root.dataset) delete root.dataset.large;
  else root.dataset.large = "";
  try {
    localStorage.setItem("laofashi.large", "large" in root.dataset ? "1" : "0");
  } catch {
    // storage is forbidden here: it holds for this page
  }
  showLarge();
});
showLarge();

const cited = document.getElementById("cited");
if (cited && location.hash === "#cited") cited.focus({ preventScroll: true });

customElements.define("original-pages", class extends HTMLElement {
  connectedCallback() {
    this.page = Number(this.dataset.page);
    this.total = Number(this.dataset.pages);
    const picture = this.querySelector("img");
    picture.addEventListener("load", () => picture.removeAttribute("aria-busy"));
    for (const button of this.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => this.turn(this.page + Number(button.dataset.step)));
    }
    this.say();
  }

  turn(page) {
    if (page < 1 || page > this.total) return;
    this.page = page;
    const picture = this.querySelector("img");
    picture.setAttribute("aria-busy", "true");
    Object.assign(picture, { src: `${this.dataset.address}/${page}`, alt: this.dataset.alt.replace("{n}", page) });
    this.say();
  }

  say() {
    this.querySelector("[role=status]").textContent = this.dataset.of.replace("{n}", this.page).replace("{total}", this.total);
    this.querySelector('[data-step="-1"]').disabled = this.page <= 1;
    this.querySelector('[data-step="1"]').disabled = this.page >= this.total;
  }
});
