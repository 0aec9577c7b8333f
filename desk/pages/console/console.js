// The specialist's console: queue, own tickets, one conversation. Facts come as JSON; the socket says when to look.

import { api, Problem } from "../shared/api.js";
import { $ } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { attempt, look, notify } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { Actions } from "./actions.js";
import { announceNew } from "./arrivals.js";
import { offerComposer, restoreDraft } from "./composer.js";
import { drawLists } from "./lists.js";
import { drawTicket } from "./ticket.js";

/** @import { Lists, OpenTicket } from "../types" */
/** @import { Message } from "../messages" */

const POLL = 15000;
const REDRAW = 60000; // ms after which what a list says of times is out of date
/** @type {Lists | null} */
let lists = null;
/** @type {OpenTicket | null} the ticket shown, as the server last told it */
let open = null;
let chosen = location.hash.slice(1); // its id
let leaving = false; // the open ticket is being given away: looking at it would find nothing

/**
 * One request of a kind at a time; a hint that arrives meanwhile causes one more.
 * @param {() => Promise<unknown>} work
 */
function once(work) {
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await look(work);
    } while (again);
    running = null;
  };
  return () => {
    if (running) again = true;
    return (running ??= run());
  };
}

const refreshLists = once(async () => {
  /** @type {Lists} */
  const told = await api("/desk/state");
  lists = told;
  announceNew(told.queue);
  redrawLists();
});

const refreshTicket = once(async () => {
  const id = chosen;
  if (!id || leaving) return;
  try {
    /** @type {OpenTicket} */
    const fresh = await api(`/desk/tickets/${id}`);
    if (id === chosen) show(fresh);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404) || id !== chosen) throw error;
    choose("");
  }
});

const refresh = () => Promise.all([refreshLists(), refreshTicket()]);

function redrawLists() {
  if (lists) drawLists(lists, chosen, choose);
}

/** @param {OpenTicket} fresh */
function show(fresh) {
  open = fresh;
  socket.watch(fresh.conversation.id);
  drawTicket(fresh, { account: lists?.account ?? { display_name: "", role: "specialist" }, decide, endShare });
}

/** @param {string} id of a ticket, "" for none */
function choose(id) {
  if (id !== chosen) open = null;
  chosen = id;
  history.replaceState(null, "", id ? `#${id}` : location.pathname);
  $("#layout").dataset.view = id ? "ticket" : "lists";
  $("#messages").replaceChildren();
  $("#messages").dataset.fresh = "true";
  $("#ticket").hidden = true;
  $("#placeholder").hidden = Boolean(id);
  redrawLists();
  if (!id) return socket.watch(null);
  restoreDraft(id);
  refreshTicket().then(() => matchMedia("(max-width: 760px)").matches && $("#main").focus());
}

/**
 * A person decides about a message that may not have arrived.
 * @param {Message} message
 * @param {"resend" | "dismiss"} what
 */
async function decide(message, what) {
  const well = await attempt(() => api(`/desk/messages/${message.id}/${what}`, {}));
  if (well && what === "resend") notify(t("resent"), "good");
  await refresh();
}

/** @param {string} url of the shared screen */
async function endShare(url) {
  await attempt(() => api(`${new URL(url).pathname}/end`, {}));
  await refresh();
}

/**
 * Give the open ticket away by `work`; it is closed here where that went well.
 * @param {() => Promise<boolean>} work
 */
async function leave(work) {
  leaving = true;
  const well = await work();
  leaving = false;
  if (well) choose("");
  await refresh();
}

const page = { ticket: () => open?.ticket ?? null, refresh, leave };
new Actions(page);
offerComposer(page);
$("#back").addEventListener("click", () => choose(""));

const socket = live({
  onOpen: refresh,
  onHint: (topic) => (topic.startsWith("conversation:") ? refresh() : refreshLists()),
});
setInterval(refresh, POLL);
setInterval(redrawLists, REDRAW);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
if (chosen) choose(chosen);
