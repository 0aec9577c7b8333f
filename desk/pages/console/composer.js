// Writing to the applicant: the text and the id it is sent under are kept until the server has it.

import { api } from "../shared/api.js";
import { $ } from "../shared/elements.js";
import { identifier } from "../shared/identifiers.js";
import { attempt } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { keep, kept } from "./kept.js";

/** @import { Ticket } from "../types" */

const text = $("#text", HTMLTextAreaElement);
const send = $("#send", HTMLButtonElement);
const form = $("#composer", HTMLFormElement);

/**
 * Show what was written to the applicant of this ticket and not sent yet.
 * @param {string} id
 */
export function restoreDraft(id) {
  text.value = kept(`draft:${id}`)?.text ?? "";
}

/**
 * Let a specialist write; `ticket()` is the open one.
 * @param {{ ticket: () => Ticket | null, refresh: () => Promise<unknown> }} page
 */
export function offerComposer({ ticket, refresh }) {
  text.addEventListener("input", () => {
    const open = ticket();
    if (open) keep(`draft:${open.id}`, text.value ? { text: text.value, id: identifier() } : null);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const open = ticket();
    if (!open || send.disabled || !kept(`draft:${open.id}`)?.text.trim()) return;
    await post(open, ticket);
    await refresh();
    if (ticket()?.id === open.id) $("#messages").scrollTop = $("#messages").scrollHeight;
  });
}

/**
 * Send the ticket's draft; it is let go once the server has it, and if nobody wrote on meanwhile.
 * @param {Ticket} open
 * @param {() => Ticket | null} ticket
 */
async function post({ id, epoch }, ticket) {
  const draft = kept(`draft:${id}`);
  if (!draft) return;
  send.disabled = true;
  send.textContent = t("sending");
  const message = { epoch, text: draft.text, client_message_id: draft.id };
  const sent = await attempt(() => api(`/desk/tickets/${id}/messages`, message));
  send.disabled = false;
  send.textContent = t("send");
  $("#draft-note").textContent = t(sent ? "keys_hint" : "draft_kept");
  if (!sent || kept(`draft:${id}`)?.id !== draft.id) return;
  keep(`draft:${id}`, null);
  if (ticket()?.id === id) text.value = "";
}
