// A conversation's messages on the page: drawn once each, redrawn only when they changed.

import { el, moment, t } from "/desk/assets/common.js";

const DELIVERIES = new Set(["pending", "sending", "unknown", "failed", "withdrawn"]);

/** Show `messages` in `list`; keeps the reader's place unless he was at the end. `decide(message, "resend" | "dismiss")`;
 *  `more(message)` gives an element to show beneath, or null. */
export function showMessages(list, messages, me, decide, more = () => null) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const old = new Map(Array.from(list.children, (item) => [item.dataset.id, item]));
  const items = messages.map((message) => {
    const id = String(message.id);
    const print = JSON.stringify(message);
    const known = old.get(id);
    old.delete(id);
    if (known?.print === print) return known;
    const item = drawMessage(message, me, decide, more);
    item.print = print;
    known?.replaceWith(item);
    return item;
  });
  for (const gone of old.values()) gone.remove();
  const fresh = items.filter((item) => item.parentNode !== list);
  list.append(...fresh);
  if (atEnd || list.dataset.fresh === "true") list.scrollTop = list.scrollHeight;
  list.dataset.fresh = "false";
}

function drawMessage(message, me, decide, more) {
  const body = message.body ?? {};
  const author = message.sender === "specialist" && message.author ? message.author : t(`sender_${message.sender}`);
  const item = el("article", { class: `message ${message.sender}`, dataset: { id: message.id } },
    message.sender === "system" ? null : el("p", { class: "message-head" },
      el("span", { class: "message-author" }, author + (message.author === me ? `（${t("me")}）` : "")),
      el("time", { dateTime: message.created_at }, moment(message.created_at))),
    el("p", { class: "message-text" }, body.label || message.text),
    ...(body.citations?.length ? [drawCitations(body.citations)] : []),
    ...(body.buttons?.length ? [el("p", { class: "message-buttons" }, body.buttons.map((button) => el("span", { class: "ghost" }, button.label)))] : []),
    DELIVERIES.has(message.delivery) ? drawDelivery(message, decide) : null,
    more(message),
  );
  return item;
}

function drawDelivery(message, decide) {
  const open = message.delivery === "unknown" || message.delivery === "failed";
  const choices = ["resend", "dismiss"].map((what) => el("button", { type: "button", onclick: () => decide(message, what) }, t(what)));
  return el("p", { class: `delivery ${message.delivery}` }, t(`delivery_${message.delivery}`), ...(open ? choices : []));
}

/** What an answer rests on, folded; `citations` as in bot/replies.py. */
export function drawCitations(citations, open = false) {
  return el("details", { class: "citations", open },
    el("summary", {}, t("citations", { n: citations.length })),
    ...citations.map((citation) => el("div", { class: "citation" },
      el("p", { class: "citation-title" }, `《${citation.title}》${citation.document_number ? `（${citation.document_number}）` : ""}`),
      el("p", { class: "muted small" }, [citation.locator, citation.effective_on ? t("effective", { day: citation.effective_on }) : ""].filter(Boolean).join(" · ")),
      el("blockquote", {}, citation.quote),
      source(citation) ? el("p", { class: "small" }, el("a", { href: source(citation), target: "_blank", rel: "noopener noreferrer" }, t("open_source"))) : null)));
}

/** Where the clause can be read: our own page of the document, else its issuer's; "" for no address we follow. */
function source({ link, url }) {
  if (/^\/documents\//.test(link ?? "")) return link;
  return /^https?:\/\//i.test(url ?? "") ? url : "";
}
