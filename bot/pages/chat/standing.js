// What stands around the conversation: who holds it, the place in the queue, the line, and that the bot is at work.

import { $, el } from "../shared/elements.js";
import { english } from "../shared/sentences.js";
import { atEnd, toEnd } from "./scrolling.js";
import { specialist, t } from "./texts.js";

/** @import { StateFrame } from "../messages" */
/** @import { Why } from "./line.js" */

/**
 * What is known now; `embedded` in another site's page.
 * @typedef {{
 *   state: StateFrame | null,
 *   up: boolean,
 *   why: Why,
 *   working: boolean,
 *   empty: boolean,
 *   embedded: boolean,
 * }} Standing
 */

const LONG = 12_000; // ms after which the bot's work is said to take long
const LONGEST = 60_000; // ms after which nothing is said of it any more
let typing = { from: 0, timer: 0 };

/** @param {Standing} standing */
export function show(standing) {
  const { state, empty } = standing;
  const holder = state?.holder ?? "bot";
  document.body.dataset.holder = holder;
  $("#start").hidden = !empty;
  $("#holder-name").textContent = holderName(state);
  $("#human").textContent = t(
    /** @type {const} */ ({ bot: "human", queue: "human_queued", specialist: "human_here" })[holder],
  );
  $("#human", HTMLButtonElement).disabled = holder !== "bot";
  $("#text", HTMLTextAreaElement).placeholder = t(holder === "bot" ? "placeholder" : "placeholder_specialist");
  write($("#queue"), state ? queueSentence(state) : "");
  showBanner(standing);
  showTyping(standing);
}

/** @param {StateFrame | null} state */
function holderName(state) {
  if (!state) return t("connecting");
  if (state.holder !== "specialist") return t(`holder_${state.holder}`);
  return state.specialist ? t("holder_specialist", { specialist: specialist(state.specialist) }) : t("holder_unnamed");
}

/**
 * @param {HTMLElement} element
 * @param {string} sentence
 */
function write(element, sentence) {
  element.hidden = !sentence;
  if (element.textContent !== sentence) element.textContent = sentence;
}

/** @param {StateFrame} state */
function queueSentence({ holder, position, waiting_minutes: minutes }) {
  if (holder !== "queue" || !position) return "";
  const place = position > 1 ? t("ahead", { n: position - 1 }) : t("next");
  const wait = minutes ? t("wait", { minutes }) : "";
  return [place, wait, t("meanwhile")].filter(Boolean).join(english() ? " " : "");
}

/** @param {Standing} standing */
function showBanner({ up, why, embedded }) {
  const banner = $("#banner");
  write(banner, up || !why ? "" : t(why));
  if (why !== "no_cookie" || !embedded) return;
  banner.append(" ", el("a", { href: "/", target: "_blank", rel: "noopener" }, t("open_window")));
}

/** @param {Standing} standing */
function showTyping(standing) {
  clearTimeout(typing.timer);
  const place = $("#typing");
  if (!standing.working) {
    typing = { from: 0, timer: 0 };
    place.hidden = true;
    return;
  }
  const reading = atEnd();
  typing.from ||= Date.now();
  const past = Date.now() - typing.from;
  place.hidden = past > LONGEST;
  $("#typing-words").textContent = t(past > LONG ? "typing_long" : "typing");
  if (past <= LONGEST) typing.timer = setTimeout(() => showTyping(standing), LONG);
  if (reading) toEnd();
}
