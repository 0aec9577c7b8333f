// Messages as elements: only text is ever put in, never markup.

import { $, copy, el } from "../shared/elements.js";
import { issuersPage, ownPage, safeLink } from "../shared/links.js";
import { english } from "../shared/sentences.js";
import { clock, day, sameDay, spokenDay } from "../shared/times.js";
import { command, specialist, t } from "./texts.js";

/** @import { Body, Button, Citation, Told } from "../messages" */
/** @typedef {(button: Button) => void} Press what happens when a choice is pressed */

const LINK = /https?:\/\/[^\s<>"'，。；！？、（）【】《》“”]+/g;
const START = 24; // characters of a quotation that a browser looks for

/** The heading above a day's messages. @param {Date} at */
export function dayMark(at) {
  return el("p", { class: "day" }, sameDay(at) ? t("today") : day(at));
}

/**
 * A message's element.
 * @param {Omit<Told, "id">} message
 * @param {Press} press
 */
export function bubble(message, press) {
  const { sender, body, text, created_at: at } = message;
  const element = copy("bubble-template");
  const part = (/** @type {string} */ selector) => $(selector, HTMLElement, element);
  element.dataset.sender = sender;
  element.dataset.kind = body.kind ?? "";
  part(".author").textContent = sender === "specialist" ? specialist(message.author) : t(`sender_${sender}`);
  write(part(".words"), body.label || command(text) || without(text, body.links ?? []), sender !== "applicant");
  part(".citations").append(...cards(message));
  part(".buttons").append(...choices(body, press));
  const time = $("time", HTMLTimeElement, element);
  time.dateTime = at;
  time.textContent = clock(new Date(at));
  return element;
}

/** The first citation lies open where the answer does not say its words itself. @param {Omit<Told, "id">} message */
function cards({ body, text }) {
  return (body.citations ?? []).map((citation, n) => card(citation, n === 0 && !says(text, citation.quote)));
}

/**
 * Links and choices. 转人工 stands at the foot of the page all the time; under a message it is repeated only where the
 * bot does not know.
 * @param {Body} body
 * @param {Press} press
 */
function choices({ links = [], buttons = [], choices: offered = [], kind }, press) {
  const needed = buttons.filter((button) => button.value !== "/human" || kind === "abstention");
  const picks = needed.slice(0, offered.length).map((button, n) => pick(button, offered[n].text, press));
  return [...picks, ...[...links, ...needed.slice(offered.length)].flatMap((button) => choice(button, press))];
}

/**
 * A card to pick: the matter, and the sentence that may answer.
 * @param {Button} button
 * @param {string} text
 * @param {Press} press
 */
function pick(button, text, press) {
  const card = el("button", { type: "button", class: "pick", onclick: () => press(button) });
  card.append(el("strong", {}, button.label), el("span", {}, text));
  return card;
}

/**
 * The text without the addresses that stand under it as buttons, and the colon before them.
 * @param {string} text
 * @param {{ url?: string }[]} links
 */
function without(text, links) {
  let left = text;
  for (const { url } of links) {
    if (url) left = left.replace(`：${url}`, "。").replace(`: ${url}`, ".").replace(url, "");
  }
  return left.trim();
}

/**
 * Whether a text holds a quotation, whatever blanks stand between.
 * @param {string} text
 * @param {string} quote
 */
function says(text, quote) {
  const plain = (/** @type {string} */ words) => words.replace(/\s+/g, "");
  return plain(text).includes(plain(quote ?? ""));
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 * @param {boolean} links whether addresses in it can be followed
 */
function write(element, text, links) {
  let from = 0;
  for (const found of links ? text.matchAll(LINK) : []) {
    const [words] = found;
    const address = safeLink(words);
    element.append(text.slice(from, found.index), address ? anchor(address, words) : words);
    from = found.index + words.length;
  }
  element.append(text.slice(from));
}

/**
 * @param {string} href
 * @param {string} label
 */
function anchor(href, label) {
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
}

/**
 * @param {Citation} citation
 * @param {boolean} open
 */
function card(citation, open) {
  const { title, locator, quote, document_number: number, effective_on: from } = citation;
  const element = copy("citation-template");
  const part = (/** @type {string} */ selector) => $(selector, HTMLElement, element);
  if (element instanceof HTMLDetailsElement) element.open = open;
  part(".basis").textContent = t("basis");
  part("cite").textContent = `《${title}》`;
  part(".locator").textContent = locator ?? "";
  part("blockquote").textContent = quote ?? "";
  part(".facts").textContent = [number, from && t("effective", { day: spokenDay(from) })].filter(Boolean).join(" · ");
  const source = $(".source", HTMLAnchorElement, element);
  const address = ours(citation) ?? issuersPage(citation);
  source.textContent = t("source");
  source.hidden = !address;
  if (address) source.href = atQuote(address, quote ?? "");
  return element;
}

/** The document's page of ours in the language of this page; null where there is none. @param {Citation} citation */
function ours(citation) {
  const address = ownPage(citation);
  if (!address || !english()) return address;
  const url = new URL(address);
  url.searchParams.set("lang", "en");
  return url.href;
}

/**
 * The address with the quotation's beginning as a text fragment, so that a browser that can opens it at the clause.
 * @param {string} address
 * @param {string} quote
 */
function atQuote(address, quote) {
  const start = quote.split("\n")[0].trim().slice(0, START);
  const fragment = encodeURIComponent(start).replaceAll("-", "%2D");
  return address.includes("#") || !start ? address : `${address}#:~:text=${fragment}`;
}

/**
 * A link or a button; nothing for an address that is not followed.
 * @param {Button} button
 * @param {Press} press
 * @returns {HTMLElement[]}
 */
function choice(button, press) {
  const { label, url } = button;
  if (!label) return [];
  if (!url) return [el("button", { type: "button", onclick: () => press(button) }, label)];
  const address = safeLink(url);
  if (!address) return [];
  const link = anchor(address, label);
  link.className = "link-button";
  return [link];
}
