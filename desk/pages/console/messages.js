// A conversation's messages on the page: drawn once each, redrawn only when they changed.

import { drawCitations } from "../shared/citations.js";
import { el } from "../shared/elements.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";

/** @import { Button, Message } from "../messages" */

/**
 * What is shown with messages: whose page it is, what a person decides about a message that may not have arrived, and
 * what to show beneath a message.
 * @typedef {{
 *   me: string,
 *   decide: (message: Message, what: "resend" | "dismiss") => unknown,
 *   more: (message: Message) => HTMLElement | null,
 * }} With
 */

const NEAR = 80; // pixels from the end that still count as reading the end
/** @type {WeakMap<HTMLElement, string>} what each element was drawn from */
const drawn = new WeakMap();

/**
 * Show `messages` in `list`; keeps the reader's place unless he was at the end.
 * @param {HTMLElement} list
 * @param {Message[]} messages
 * @param {With} beside
 */
export function showMessages(list, messages, beside) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  /** @type {Map<string | undefined, HTMLElement>} */
  const old = new Map();
  for (const item of list.children) if (item instanceof HTMLElement) old.set(item.dataset.id, item);
  const items = messages.map((message) => {
    const id = String(message.id);
    const item = drawnAnew(message, old.get(id), beside);
    old.delete(id);
    return item;
  });
  for (const gone of old.values()) gone.remove();
  list.append(...items.filter((item) => item.parentNode !== list));
  if (atEnd || list.dataset.fresh === "true") list.scrollTop = list.scrollHeight;
  list.dataset.fresh = "false";
}

/**
 * The element of a message, in the place of the one before where that differs.
 * @param {Message} message
 * @param {HTMLElement | undefined} before
 * @param {With} beside
 */
function drawnAnew(message, before, beside) {
  const print = JSON.stringify(message);
  if (before && drawn.get(before) === print) return before;
  const item = drawMessage(message, beside);
  drawn.set(item, print);
  before?.replaceWith(item);
  return item;
}

/**
 * @param {Message} message
 * @param {With} beside
 */
function drawMessage(message, beside) {
  const { sender, body } = message;
  return el(
    "article",
    { class: `message ${sender}`, dataset: { id: message.id } },
    sender !== "system" && drawHead(message, beside.me),
    el("p", { class: "message-text" }, body.label || message.text),
    body.citations?.length ? drawCitations(body.citations) : null,
    body.buttons?.length ? el("p", { class: "message-buttons" }, body.buttons.map(drawButton)) : null,
    drawDelivery(message, beside.decide),
    beside.more(message),
  );
}

/**
 * @param {Message} message
 * @param {string} me
 */
function drawHead({ sender, author, created_at: at }, me) {
  const name = sender === "specialist" && author ? author : t(`sender_${sender}`);
  return el(
    "p",
    { class: "message-head" },
    el("span", { class: "message-author" }, name + (author === me ? `（${t("me")}）` : "")),
    el("time", { dateTime: at }, moment(at)),
  );
}

/** @param {Button} button */
function drawButton({ label }) {
  return el("span", { class: "ghost" }, label);
}

/**
 * @param {Message} message
 * @param {With["decide"]} decide
 */
function drawDelivery(message, decide) {
  const { delivery } = message;
  if (delivery === "none" || delivery === "sent") return null;
  /** @param {"resend" | "dismiss"} what */
  const choice = (what) => el("button", { type: "button", onclick: () => decide(message, what) }, t(what));
  const open = delivery === "unknown" || delivery === "failed";
  const choices = open ? [choice("resend"), choice("dismiss")] : [];
  return el("p", { class: `delivery ${delivery}` }, t(`delivery_${delivery}`), choices);
}
