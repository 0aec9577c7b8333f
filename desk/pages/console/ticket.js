// The open ticket: its facts, what may be done with it, its shared screen and its conversation.

import { $, all, el } from "../shared/elements.js";
import { t } from "../shared/texts.js";
import { keep, kept } from "./kept.js";
import { showMessages } from "./messages.js";
import { nameOf, waiting } from "./wording.js";

/** @import { Account, OpenTicket, Ticket } from "../types" */
/** @import { Message } from "../messages" */

/**
 * @typedef {{
 *   account: Pick<Account, "display_name" | "role">,
 *   decide: (message: Message, what: "resend" | "dismiss") => unknown,
 *   endShare: (url: string) => unknown,
 * }} Reader who reads, and what he may do where he reads
 */

/**
 * @param {OpenTicket} open
 * @param {Reader} reader
 */
export function drawTicket(open, reader) {
  const { ticket, messages, mine } = open;
  $("#ticket").hidden = false;
  $("#placeholder").hidden = true;
  $("#who").textContent = nameOf(ticket);
  $("#facts").replaceChildren(...facts(ticket));
  drawActions(ticket, mine);
  drawShare(open, reader.endShare);
  const { account, decide } = reader;
  const more = (/** @type {Message} */ message) => (account.role === "administrator" ? goldenLink(message) : null);
  showMessages($("#messages"), messages, { me: account.display_name, decide, more });
  keep(`seen:${ticket.id}`, messages.at(-1)?.id ?? 0);
}

/**
 * The way from a question or the bot's answer to a golden question.
 * @param {Message} message
 */
function goldenLink({ id, sender, text, body }) {
  const asked = sender === "applicant" && !text.startsWith("/");
  const answered = sender === "bot" && (body.kind === "answer" || body.kind === "abstention");
  if (!asked && !answered) return null;
  return el("p", { class: "small" }, el("a", { href: `/admin/golden?message=${id}` }, t("golden_from")));
}

/** @param {Ticket} ticket */
function facts(ticket) {
  const { priority, priority_reason: reason, state } = ticket;
  const words = [
    t(`channel_${ticket.channel}`),
    t(`reason_${ticket.reason}`),
    state === "queued" ? waiting(ticket.queued_at) : "",
    ticket.due_on ? t("due", { day: ticket.due_on }) : "",
  ];
  const chips = [el("span", { class: `chip state-${state}` }, t(`state_${state}`))];
  if (priority !== "normal") {
    const why = reason ? `：${reason}` : "";
    chips.push(el("span", { class: `chip ${priority}` }, t(`priority_${priority}`) + why));
  }
  return [...chips, el("span", {}, words.filter(Boolean).join(" · "))];
}

/**
 * @param {Ticket} ticket
 * @param {boolean} mine
 */
function drawActions(ticket, mine) {
  const queued = ticket.state === "queued";
  for (const button of all("[data-action]", HTMLButtonElement)) {
    const action = button.dataset.action;
    button.hidden = action === "claim" ? !queued : !mine;
    button.disabled = action === "wait" && ticket.state === "waiting_for_applicant";
  }
  $("#composer").hidden = !mine;
  $("#readonly").hidden = mine;
  $("#readonly").textContent = whyReadOnly(ticket);
}

/** @param {Ticket} ticket */
function whyReadOnly({ state, owner_name: name }) {
  if (state === "queued") return t("queued_note");
  if (state === "resolved" || state === "closed" || !name) return t("done_note");
  return t("held_by", { name });
}

/**
 * @param {OpenTicket} open
 * @param {Reader["endShare"]} endShare
 */
function drawShare({ share, mine, ticket }, endShare) {
  const strip = $("#share");
  strip.hidden = !share || !mine;
  strip.replaceChildren();
  if (!share || !mine) return;
  strip.append(el("span", {}, `${t("share")}：${t(`share_state_${share.state}`)}`));
  const own = kept(`share:${ticket.id}`);
  if (own?.id !== share.id) return;
  const { url } = own;
  strip.append(
    el("a", { class: "button primary", href: url, target: "_blank", rel: "noopener" }, t("share_enter")),
    el("button", { type: "button", onclick: () => endShare(url) }, t("share_end")),
  );
}
