// Type size and language, kept in cookies because the server renders by them.

import { all } from "./elements.js";

/**
 * @param {"lang" | "type"} name
 * @param {string | undefined} value
 */
function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

/** @param {HTMLElement} button */
function toggleType(button) {
  const root = document.documentElement;
  const large = root.dataset.type !== "large";
  root.dataset.type = large ? "large" : "normal";
  button.setAttribute("aria-pressed", String(large));
  remember("type", root.dataset.type);
}

/** @param {HTMLElement} button */
function switchLanguage(button) {
  remember("lang", button.dataset.lang);
  location.reload();
}

for (const button of all("[data-toggle]")) {
  button.addEventListener("click", () => (button.dataset.toggle === "lang" ? switchLanguage : toggleType)(button));
}
