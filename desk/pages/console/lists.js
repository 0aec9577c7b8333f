// The lists beside the conversation: the queue, one's own tickets, and messages that may not have arrived.

import { $, all, el } from "../shared/elements.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";
import { kept } from "./kept.js";
import { nameOf, waiting } from "./wording.js";

/** @import { Lists, Ticket } from "../types" */
/** @typedef {(id: string) => void} Choose */

/**
 * @param {Lists} lists
 * @param {string} chosen the id of the ticket shown, "" for none
 * @param {Choose} choose
 */
export function drawLists(lists, chosen, choose) {
  drawList(
    "queue",
    lists.queue.map((ticket) => drawEntry(ticket, chosen, choose, queueFacts(ticket))),
  );
  drawList(
    "mine",
    lists.mine.map((ticket) => drawEntry(ticket, chosen, choose, ownFacts(ticket, chosen))),
  );
  drawStrip(lists, choose);
}

/**
 * Put entries into a list. One that says what it said before stays where it is: a press on it is not lost.
 * @param {"queue" | "mine"} name
 * @param {HTMLElement[]} entries
 */
function drawList(name, entries) {
  const list = $(`#${name}`);
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.ticket : "";
  const before = new Map(all(".entry", HTMLElement, list).map((entry) => [entry.dataset.ticket, entry]));
  const drawn = entries.map((entry) => {
    const same = before.get(entry.dataset.ticket);
    return same?.isEqualNode(entry) ? same : entry;
  });
  for (const entry of before.values()) if (!drawn.includes(entry)) entry.parentElement?.remove();
  drawn.forEach((entry, place) => {
    const there = list.children[place] ?? null;
    if (there?.firstElementChild !== entry) list.insertBefore(entry.parentElement ?? el("li", {}, entry), there);
  });
  $(`#${name}-count`).textContent = String(entries.length);
  $(`#${name}-empty`).hidden = entries.length > 0;
  const again = drawn.find((entry) => focused && entry.dataset.ticket === focused);
  if (again !== document.activeElement) again?.focus();
}

/** @typedef {{ time: string, about: string, unread: boolean }} Facts */

/** @param {Ticket} ticket @returns {Facts} */
function queueFacts(ticket) {
  return { time: waiting(ticket.queued_at), about: t(`reason_${ticket.reason}`), unread: false };
}

/** @param {Ticket} ticket @param {string} chosen @returns {Facts} */
function ownFacts(ticket, chosen) {
  const { last, id } = ticket;
  const unread = last?.sender === "applicant" && last.id > (kept(`seen:${id}`) ?? 0) && id !== chosen;
  return { time: moment(last?.created_at ?? ticket.queued_at), about: t(`state_${ticket.state}`), unread };
}

/**
 * @param {Ticket} ticket
 * @param {string} chosen
 * @param {Choose} choose
 * @param {Facts} facts
 */
function drawEntry(ticket, chosen, choose, { time, about, unread }) {
  const { id, last, priority, priority_reason: reason } = ticket;
  const due = ticket.due_on ? t("due", { day: ticket.due_on.slice(5) }) : "";
  return el(
    "button",
    {
      type: "button",
      class: `entry ${priority}`,
      dataset: { ticket: id },
      "aria-current": id === chosen ? "true" : null,
      onclick: () => choose(id),
    },
    el(
      "span",
      { class: "entry-top" },
      el("span", { class: "entry-who" }, nameOf(ticket)),
      priority !== "normal" && el("span", { class: `chip ${priority}`, title: reason }, t(`priority_${priority}`)),
      unread && el("span", { class: "dot", title: t("unread") }, el("span", { class: "hidden" }, t("unread"))),
      el("span", { class: "entry-time" }, time),
    ),
    priority === "emergency" && el("span", { class: "entry-reason" }, reason),
    el("span", { class: "entry-last" }, last ? (last.sender === "applicant" ? "" : `${t("me")}：`) + last.text : ""),
    el("span", { class: "entry-facts" }, [t(`channel_${ticket.channel}`), about, due].filter(Boolean).join(" · ")),
  );
}

/**
 * @param {Lists} lists
 * @param {Choose} choose
 */
function drawStrip({ attention, attention_elsewhere: elsewhere }, choose) {
  const strip = $("#strip");
  const first = attention.find((message) => message.ticket_id);
  strip.hidden = attention.length + elsewhere === 0;
  const parts = [
    attention.length > 0 && el("span", {}, t("attention", { n: attention.length })),
    elsewhere > 0 && el("span", {}, t("attention_elsewhere", { n: elsewhere })),
    first && el("button", { type: "button", onclick: () => choose(first.ticket_id) }, t("attention_open")),
  ];
  strip.replaceChildren(...parts.filter((part) => part instanceof HTMLElement));
}

/** @param {KeyboardEvent} event */
function step(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const entries = all(".entry");
  const at = entries.findIndex((entry) => entry === document.activeElement);
  entries[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  event.preventDefault();
}

for (const list of ["#queue", "#mine"]) $(list).addEventListener("keydown", step);
