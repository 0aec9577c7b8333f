// Messages as elements: only text is ever put in, never markup.

import { words } from "./words.js";

const LINK = /https?:\/\/[^\s<>"'，。；！？、（）【】《》“”]+/g;
const DAY = { year: "numeric", month: "long", day: "numeric" };

function copy(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function language() {
  return document.documentElement.lang === "en" ? "en-GB" : "zh-CN";
}

/** A link we follow, as an absolute address: our own origin, or https; otherwise null. */
export function safeLink(address, schemes = ["https:"]) {
  try {
    const url = new URL(address, location.href);
    return url.origin === location.origin || schemes.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** "2026年11月19日", or 19 November 2026; the text itself where it is no date. */
export function spokenDay(text) {
  const day = new Date(`${text}T00:00:00`);
  return Number.isNaN(day.valueOf()) ? text : new Intl.DateTimeFormat(language(), DAY).format(day);
}

/** The heading above a day's messages. */
export function dayMark(at) {
  const mark = document.createElement("p");
  mark.className = "day";
  mark.textContent = at.toDateString() === new Date().toDateString() ? words().today : new Intl.DateTimeFormat(language(), DAY).format(at);
  return mark;
}

/** A message's element. `press(button)` is called when one of its choices is pressed. */
export function bubble(message, press) {
  const element = copy("bubble-template");
  element.dataset.sender = message.sender;
  element.dataset.kind = message.body?.kind ?? "";
  element.querySelector(".author").textContent = author(message);
  const links = message.body?.links ?? [];
  write(element.querySelector(".words"), message.body?.label || words().commands[message.text] || without(message.text, links), message.sender !== "applicant");
  const held = (message.body?.citations ?? []).map((citation, n) => card(citation, n === 0 && !says(message.text, citation.quote)));
  element.querySelector(".citations").append(...held);
  element.querySelector(".buttons").append(...[...links, ...(message.body?.buttons ?? []).filter(needed(message))].map((button) => choice(button, press)).filter(Boolean));
  const time = element.querySelector("time");
  const at = new Date(message.created_at);
  time.dateTime = message.created_at;
  time.textContent = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
  return element;
}

function author({ sender, author: name }) {
  const now = words();
  return { applicant: now.me, bot: now.bot, specialist: now.specialist(name), system: now.system }[sender] ?? "";
}

/** 转人工 stands at the foot of the page all the time; under a message it is repeated only where the bot does not know. */
function needed({ body }) {
  return (button) => button.value !== "/human" || body.kind === "abstention";
}

/** The text without the addresses that stand under it as buttons, and the colon before them. */
function without(text, links) {
  return links.reduce((left, { url }) => (url ? left.replace(`：${url}`, "。").replace(`: ${url}`, ".").replace(url, "") : left), text).trim();
}

function says(text, quote) {
  const plain = (words) => (words ?? "").replace(/\s+/g, "");
  return plain(text).includes(plain(quote));
}

function write(element, text, links) {
  if (!links) {
    element.textContent = text;
    return;
  }
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const address = safeLink(found[0]);
    element.append(text.slice(from, found.index), address ? anchor(address, found[0]) : found[0]);
    from = found.index + found[0].length;
  }
  element.append(text.slice(from));
}

function anchor(href, label) {
  const link = document.createElement("a");
  Object.assign(link, { href, target: "_blank", rel: "noopener noreferrer", textContent: label });
  return link;
}

function card(citation, open) {
  const now = words();
  const element = copy("citation-template");
  element.open = open;
  element.querySelector(".basis").textContent = now.basis;
  element.querySelector("cite").textContent = `《${citation.title}》`;
  element.querySelector(".locator").textContent = citation.locator ?? "";
  element.querySelector("blockquote").textContent = citation.quote ?? "";
  const facts = [citation.document_number, citation.effective_on && now.effective(spokenDay(citation.effective_on))];
  element.querySelector(".facts").textContent = facts.filter(Boolean).join(" · ");
  const address = ownPage(citation.link) ?? (citation.url && safeLink(citation.url, ["https:", "http:"]));
  const source = element.querySelector(".source");
  source.textContent = now.source;
  if (address) Object.assign(source, { href: atQuote(address, citation.quote), hidden: false });
  return element;
}

/** The document's page of ours, at the clause, in the language of this page; null where the citation names none. */
function ownPage(link) {
  const address = link && safeLink(link, []);
  if (!address) return null;
  const url = new URL(address);
  if (document.documentElement.lang === "en") url.searchParams.set("lang", "en");
  return url.href;
}

/** The address with the quotation's beginning as a text fragment, so that a browser that can opens it at the clause. */
function atQuote(address, quote) {
  const start = (quote ?? "").split("\n")[0].trim().slice(0, 24);
  const fragment = encodeURIComponent(start).replaceAll("-", "%2D");
  return address.includes("#") || !start ? address : `${address}#:~:text=${fragment}`;
}

function choice(button, press) {
  if (!button.label) return null;
  if (button.url) {
    const address = safeLink(button.url);
    if (!address) return null;
    const link = anchor(address, button.label);
    link.className = "link-button";
    return link;
  }
  const element = document.createElement("button");
  Object.assign(element, { type: "button", textContent: button.label });
  element.addEventListener("click", () => press(button));
  return element;
}
