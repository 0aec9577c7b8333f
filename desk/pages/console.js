// The specialist's console: queue, own tickets, one conversation. Facts come as JSON; the socket only says when to look.

import { $, api, ask, attempt, el, identifier, live, moment, notify, t, waiting } from "/desk/assets/common.js";
import { showMessages } from "/desk/assets/messages.js";

const POLL = 15000;
const title = document.title;
let state = { account: {}, queue: [], mine: [], attention: [] };
let open = null; // the ticket shown, as the server last told it
let chosen = location.hash.slice(1); // its id
let known = null; // who was in the queue when last looked at, and how urgent
let leaving = false; // the open ticket is being given away: looking at it would find nothing

const stored = (key) => `desk:${key}`;
const read = (key) => JSON.parse(localStorage.getItem(stored(key)) ?? "null");
const write = (key, value) => (value === null ? localStorage.removeItem(stored(key)) : localStorage.setItem(stored(key), JSON.stringify(value)));

// One request of a kind at a time; a hint that arrives meanwhile causes one more.
function once(work) {
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await work().catch((error) => error.code !== "network" && notify(error.message, "bad"));
    } while (again);
    running = null;
  };
  return () => {
    if (running) again = true;
    return (running ??= run());
  };
}

const refreshLists = once(async () => {
  state = await api("/desk/state");
  announceNew();
  drawLists();
});

const refreshTicket = once(async () => {
  const id = chosen;
  if (!id || leaving) return;
  try {
    const fresh = await api(`/desk/tickets/${id}`);
    if (id === chosen) drawTicket(fresh);
  } catch (error) {
    if (error.status !== 404 || id !== chosen) throw error;
    choose("");
  }
});

const refresh = () => Promise.all([refreshLists(), refreshTicket()]);

function announceNew() {
  const fresh = known && state.queue.filter((ticket) => !known.has(ticket.id + ticket.priority)); // one may be raised
  known = new Set(state.queue.map((ticket) => ticket.id + ticket.priority));
  document.title = (known.size ? t("new_title", { n: known.size }) : "") + title;
  if (!fresh?.length) return;
  const emergency = fresh.find((ticket) => ticket.priority === "emergency");
  if (emergency) notify(`${t("priority_emergency")}：${emergency.priority_reason}`, "bad");
  else notify(t("new_ticket"));
  if (read("sound")) chime();
}

function chime() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  tone.frequency.value = 660;
  loudness.gain.setValueAtTime(0.12, audio.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5);
  tone.connect(loudness).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.5);
  tone.onended = () => audio.close();
}

// ---- lists

function drawLists() {
  drawList("queue", state.queue);
  drawList("mine", state.mine);
  drawStrip();
}

function drawList(name, tickets) {
  const list = $(`#${name}`);
  const focused = document.activeElement?.dataset?.ticket;
  list.replaceChildren(...tickets.map((ticket) => el("li", {}, drawEntry(ticket, name))));
  $(`#${name}-count`).textContent = tickets.length;
  $(`#${name}-empty`).hidden = tickets.length > 0;
  if (focused) $(`#${name} [data-ticket="${CSS.escape(focused)}"]`)?.focus();
}

function drawEntry(ticket, name) {
  const last = ticket.last;
  const unread = name === "mine" && last?.sender === "applicant" && last.id > (read(`seen:${ticket.id}`) ?? 0) && ticket.id !== chosen;
  return el("button", {
    type: "button", class: `entry ${ticket.priority}`, dataset: { ticket: ticket.id },
    "aria-current": ticket.id === chosen ? "true" : null, onclick: () => choose(ticket.id),
  },
  el("span", { class: "entry-top" },
    el("span", { class: "entry-who" }, nameOf(ticket)),
    ticket.priority === "normal" ? null : el("span", { class: `chip ${ticket.priority}`, title: ticket.priority_reason }, t(`priority_${ticket.priority}`)),
    unread ? el("span", { class: "dot", title: t("unread") }, el("span", { class: "hidden" }, t("unread"))) : null,
    el("span", { class: "entry-time" }, name === "queue" ? waiting(ticket.queued_at) : moment(last?.created_at ?? ticket.queued_at))),
  ticket.priority === "emergency" ? el("span", { class: "entry-reason" }, ticket.priority_reason) : null,
  el("span", { class: "entry-last" }, last ? `${last.sender === "applicant" ? "" : `${t("me")}：`}${last.text}` : ""),
  el("span", { class: "entry-facts" }, [t(`channel_${ticket.channel}`), name === "queue" ? t(`reason_${ticket.reason}`) : t(`state_${ticket.state}`),
    ticket.due_on ? t("due", { day: ticket.due_on.slice(5) }) : ""].filter(Boolean).join(" · ")));
}

function nameOf(ticket) {
  return ticket.applicant || t("applicant_unnamed", { n: ticket.conversation_id.slice(0, 4) });
}

function drawStrip() {
  const strip = $("#strip");
  const { attention, attention_elsewhere: elsewhere = 0 } = state;
  strip.hidden = attention.length + elsewhere === 0;
  const first = attention.find((message) => message.ticket_id);
  strip.replaceChildren(
    attention.length ? el("span", {}, t("attention", { n: attention.length })) : "",
    elsewhere ? el("span", {}, t("attention_elsewhere", { n: elsewhere })) : "",
    first ? el("button", { type: "button", onclick: () => choose(first.ticket_id) }, t("attention_open")) : "");
}

for (const list of [$("#queue"), $("#mine")]) {
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const entries = [...document.querySelectorAll(".entry")];
    entries[entries.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    event.preventDefault();
  });
}

// ---- the conversation

function choose(id) {
  if (id !== chosen) open = null;
  chosen = id;
  history.replaceState(null, "", id ? `#${id}` : location.pathname);
  $("#layout").dataset.view = id ? "ticket" : "lists";
  $("#messages").replaceChildren();
  $("#messages").dataset.fresh = "true";
  $("#ticket").hidden = true;
  $("#placeholder").hidden = Boolean(id);
  drawLists();
  if (!id) return socket.watch(null);
  restoreDraft();
  refreshTicket().then(() => matchMedia("(max-width: 760px)").matches && $("#main").focus());
}

function drawTicket(fresh) {
  open = fresh;
  const { ticket, conversation, messages, mine } = fresh;
  socket.watch(conversation.id);
  $("#ticket").hidden = false;
  $("#placeholder").hidden = true;
  $("#who").textContent = nameOf(ticket);
  $("#facts").replaceChildren(...facts(ticket));
  drawActions(ticket, mine);
  drawShare(fresh);
  showMessages($("#messages"), messages, state.account.display_name, decide, drawGoldenLink);
  write(`seen:${ticket.id}`, messages.at(-1)?.id ?? 0);
}

/** For an administrator, the way from a question or the bot's answer to a golden question. */
function drawGoldenLink(message) {
  const asked = message.sender === "applicant" && !message.text.startsWith("/");
  const answered = message.sender === "bot" && ["answer", "abstention"].includes(message.body?.kind);
  if (state.account.role !== "administrator" || !(asked || answered)) return null;
  return el("p", { class: "small" }, el("a", { href: `/admin/questions?message=${message.id}` }, t("golden_from")));
}

/** A person decides about a message that may not have arrived: `resend` or `dismiss`. */
async function decide(message, what) {
  const well = await attempt(() => api(`/desk/messages/${message.id}/${what}`, {}));
  if (well && what === "resend") notify(t("resent"), "good");
  await refresh();
}

function facts(ticket) {
  const chips = [el("span", { class: `chip state-${ticket.state}` }, t(`state_${ticket.state}`))];
  if (ticket.priority !== "normal") chips.push(el("span", { class: `chip ${ticket.priority}` }, t(`priority_${ticket.priority}`) + (ticket.priority_reason ? `：${ticket.priority_reason}` : "")));
  const words = [t(`channel_${ticket.channel}`), t(`reason_${ticket.reason}`), ticket.state === "queued" ? waiting(ticket.queued_at) : "", ticket.due_on ? t("due", { day: ticket.due_on }) : ""];
  return [...chips, el("span", {}, words.filter(Boolean).join(" · "))];
}

function drawActions(ticket, mine) {
  const queued = ticket.state === "queued";
  for (const button of document.querySelectorAll("[data-action]")) {
    const action = button.dataset.action;
    button.hidden = action === "claim" ? !queued : !mine;
    button.disabled = action === "wait" && ticket.state === "waiting_for_applicant";
  }
  $("#composer").hidden = !mine;
  const note = queued ? t("queued_note") : mine ? "" : ticket.owner_name ? t("held_by", { name: ticket.owner_name }) : t("done_note");
  $("#readonly").hidden = !note || mine;
  $("#readonly").textContent = ["resolved", "closed"].includes(ticket.state) ? t("done_note") : note;
}

function drawShare({ share, mine, ticket }) {
  const strip = $("#share");
  const own = read(`share:${ticket.id}`);
  strip.hidden = !share || !mine;
  if (strip.hidden) return strip.replaceChildren();
  const enter = own?.id === share.id ? el("a", { class: "button primary", href: own.url, target: "_blank", rel: "noopener" }, t("share_enter")) : "";
  strip.replaceChildren(el("span", {}, `${t("share")}：${t(`share_state_${share.state}`)}`), enter,
    own?.id === share.id ? el("button", { type: "button", onclick: () => endShare(own.url) }, t("share_end")) : "");
}

async function endShare(url) {
  await attempt(() => api(`${new URL(url).pathname}/end`, {}));
  await refresh();
}

/** Do something to the open ticket, then look again; refusals are shown. `leave`: it is another's business then. */
async function act(path, body, done, leave = false) {
  const { ticket } = open;
  leaving = leave;
  const well = await attempt(async () => {
    const answer = await api(`/desk/tickets/${ticket.id}/${path}`, { epoch: ticket.epoch, ...body });
    if (answer.share) write(`share:${ticket.id}`, { id: answer.share.id, url: answer.share.url });
    if (done) notify(done, "good");
  });
  leaving = false;
  if (well && leave) choose("");
  await refresh();
  return well;
}

const actions = {
  async claim() {
    try {
      await api(`/desk/tickets/${open.ticket.id}/claim`, {});
      notify(t("claimed"), "good");
    } catch (error) {
      notify(error.code === "already_claimed" ? t("lost_claim") : error.message, "bad");
    }
    await refresh();
    if (open?.mine) $("#text").focus();
  },
  wait: () => act("wait", {}, t("waiting_set")),
  share: () => act("share", {}, t("share_sent")),
  async release() {
    if (await ask($("#release-dialog"))) await act("release", {}, t("released"), true);
  },
  async transfer() {
    const dialog = $("#transfer-dialog");
    const { colleagues } = await api("/desk/colleagues");
    if (!colleagues.length) return notify(t("no_colleague"));
    $("select", dialog).replaceChildren(...colleagues.map((each) => el("option", { value: each.id }, each.display_name)));
    const data = await ask(dialog);
    const to = data && colleagues.find((each) => each.id === data.get("to"));
    if (to) await act("transfer", { to: to.id }, t("transferred", { name: to.display_name }), true);
  },
  async resolve() {
    const data = await ask($("#resolve-dialog"));
    if (!data || !await act("resolve", { summary: data.get("summary") }, t("resolved"))) return;
    $("#resolve-dialog form").reset();
  },
};

$("#actions").addEventListener("click", async (event) => {
  const button = event.target.closest("[data-action]");
  if (!button || !open) return;
  button.setAttribute("aria-busy", "true");
  await attempt(() => actions[button.dataset.action]());
  button.removeAttribute("aria-busy");
});
$("#back").addEventListener("click", () => choose(""));

// ---- writing: the text and the id it is sent under are kept until the server has it

const text = $("#text");
const draftOf = (id) => read(`draft:${id}`);

function restoreDraft() {
  text.value = draftOf(chosen)?.text ?? "";
}

text.addEventListener("input", () => {
  write(`draft:${chosen}`, text.value ? { text: text.value, id: identifier() } : null);
});

text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
  event.preventDefault();
  $("#composer").requestSubmit();
});

$("#composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const draft = draftOf(chosen);
  const { ticket } = open;
  if (!draft?.text.trim() || $("#send").disabled) return;
  $("#send").disabled = true;
  $("#send").textContent = t("sending");
  const sent = await attempt(() => api(`/desk/tickets/${ticket.id}/messages`, { epoch: ticket.epoch, text: draft.text, client_message_id: draft.id }));
  $("#send").disabled = false;
  $("#send").textContent = t("send");
  $("#draft-note").textContent = sent ? t("keys_hint") : t("draft_kept");
  if (sent && draftOf(ticket.id)?.id === draft.id) {
    write(`draft:${ticket.id}`, null);
    if (chosen === ticket.id) text.value = "";
  }
  await refresh();
  if (chosen === ticket.id) $("#messages").scrollTop = $("#messages").scrollHeight;
});

// ---- sound, live hints, and looking anyway

const sound = $("#sound");
sound.setAttribute("aria-pressed", String(Boolean(read("sound"))));
sound.addEventListener("click", () => {
  write("sound", read("sound") ? null : true);
  sound.setAttribute("aria-pressed", String(Boolean(read("sound"))));
  if (read("sound")) chime();
});

const socket = live({
  onOpen: refresh,
  onHint: (topic) => (topic.startsWith("conversation:") ? refresh() : refreshLists()),
});
setInterval(refresh, POLL);
setInterval(drawLists, 60000);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
if (chosen) choose(chosen);
