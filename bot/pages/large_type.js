// Large type on the applicant's pages: switched by a button, and kept in this browser.

import { $ } from "./shared/elements.js";
import { write } from "./shared/storage.js";

const root = document.documentElement;
const button = $("#large");

function show() {
  button.setAttribute("aria-pressed", String("large" in root.dataset));
}

/**
 * Let the button switch; what `around` does besides is done around the change.
 * @param {(change: () => void) => void} [around]
 */
export function offerLargeType(around = (change) => change()) {
  button.addEventListener("click", () => {
    const large = !("large" in root.dataset);
    around(() => {
      if (large) root.dataset.large = "";
      else delete root.dataset.large;
    });
    show();
    write("laofashi.large", large ? "1" : "0");
  });
  show();
}
