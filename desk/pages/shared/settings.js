// What the server gave the page to begin with.

import { $ } from "./elements.js";

/**
 * @template T what the page's route puts there, as the caller says
 * @returns {T}
 */
export function settings() {
  return JSON.parse($("#settings", HTMLScriptElement).text);
}
