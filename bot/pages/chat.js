// The applicant's chat page: what is written, what is shown, and the line between.

import { Line } from "./line.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { spell, words } from "./words.js";

const ANSWER_WITHIN = 15_000; // of the server to a message sent
const TYPING_LONG = 12_000;
const TYPING_LONGEST = 60_000;
const NEAR = 120; // pixels from the end that still count as reading the end

const at = (id) => document.getElementById(id);
const embedded = "embedded" in document.documentElement.dataset;
const longest = Number(document.body.dataset.longest);
const outbox = new Outbox();
const log = new Log(at("log"), press);
const line = new Line({ onFrame, onChange, cursor: () => log.last, locale });

let state = null;
let lineState = { up: false, why: "" };
let sent = null; // the client_message_id now waiting for its answer
let overdue = 0;
let retry = 0;
let typing = { from: 0, timer: 0 };
let caughtUp = false;
let unread = 0;
let widgetOpen = true;

function locale() {
  return document.documentElement.lang === "en" ? "en" : "zh";
}

// ---- writing

function say(written, label) {
  const text = written.trim();
  if (!text) return;
  log.wait(outbox.add(text, label));
  if (!line.up) log.note(words().unsent);
  show();
  toEnd();
  pump();
}

/** Send the oldest message not yet accepted; the next one follows its answer, so that their order holds. */
function pump() {
  const head = outbox.all()[0];
  if (!head || sent || retry || !line.up) return;
  log.wait(head);
  log.note(words().sending);
  if (!line.say(head)) return;
  sent = head.id;
  overdue = setTimeout(() => (answered(), line.restart(), pump()), ANSWER_WITHIN);
}

function answered() {
  clearTimeout(overdue);
  sent = null;
}

function press(button) {
  const value = button.value || button.label;
  say(value, value === button.label ? undefined : button.label);
}

function refuse(frame) {
  if (!frame.client_message_id) return; // not about a message: the one sent is still on its way, or overdue
  if (sent === frame.client_message_id) answered();
  if (frame.retry_after) {
    clearTimeout(retry);
    retry = setTimeout(() => ((retry = 0), pump()), frame.retry_after * 1000);
    log.note(frame.text);
    return;
  }
  const item = outbox.all().find((each) => each.id === frame.client_message_id);
  outbox.remove(frame.client_message_id);
  log.refuse(frame.client_message_id, frame.text);
  if (item && !at("text").value && !item.text.startsWith("/")) setText(item.text);
  pump();
}

// ---- hearing

const hear = {
  accepted(frame) {
    answered();
    outbox.remove(frame.client_message_id);
    log.accept(frame.client_message_id);
    pump();
  },
  refused: refuse,
  message(frame) {
    const reading = nearEnd();
    outbox.remove(frame.client_message_id);
    if (sent && sent === frame.client_message_id) answered();
    if (!log.add(frame)) return;
    if (caughtUp && frame.sender !== "applicant") arrived(reading);
    else if (reading) toEnd();
    pump();
  },
  state(frame) {
    state = frame;
    log.hold(frame.holder);
    if (!caughtUp) {
      caughtUp = true;
      at("log").setAttribute("aria-busy", "false");
      if (!log.empty) toEnd();
    }
  },
};

function onFrame(frame) {
  hear[frame.type]?.(frame);
  show();
}

function onChange(up, why) {
  lineState = { up, why };
  answered();
  if (up) pump();
  else log.note(words().unsent);
  show();
}

function arrived(reading) {
  if (reading) toEnd();
  else at("newer").hidden = false;
  if (document.hidden || !widgetOpen) unread += 1;
  tellUnread();
}

function tellUnread() {
  document.title = (unread ? words().unread(unread) : "") + words().title;
  if (embedded) parent.postMessage({ laofashi: "unread", count: unread }, "*");
}

// ---- showing

function show() {
  const now = words();
  const holder = state?.holder ?? "bot";
  document.body.dataset.holder = holder;
  at("start").hidden = !log.empty;
  at("holder-name").textContent = !state ? now.connecting : { bot: now.holderBot, queue: now.holderQueue, specialist: now.holderSpecialist(state.specialist) }[holder];
  at("human").textContent = { bot: now.human, queue: now.humanQueued, specialist: now.humanHere }[holder];
  at("human").disabled = holder !== "bot";
  at("text").placeholder = holder === "bot" ? now.placeholder : now.placeholderSpecialist;
  showQueue(holder, now);
  showBanner(now);
  showTyping(now);
}

function write(element, sentence) {
  element.hidden = !sentence;
  if (element.textContent !== sentence) element.textContent = sentence;
}

function showQueue(holder, now) {
  const place = holder === "queue" && state.position ? now.ahead(state.position - 1) : "";
  const wait = place && state.waiting_minutes ? now.wait(state.waiting_minutes) : "";
  write(at("queue"), place && [place, wait, now.meanwhile].filter(Boolean).join(locale() === "en" ? " " : ""));
}

function showBanner(now) {
  const { up, why } = lineState;
  const sentence = up || !why ? "" : { offline: now.offline, unreachable: now.unsupported, cookie: now.noCookie }[why];
  write(at("banner"), sentence);
  if (why !== "cookie" || !embedded) return;
  const link = Object.assign(document.createElement("a"), { href: "/", target: "_blank", rel: "noopener", textContent: now.openWindow });
  at("banner").append(" ", link);
}

function showTyping(now) {
  const works = log.unanswered && lineState.up && caughtUp;
  if (!works) {
    clearTimeout(typing.timer);
    typing = { from: 0, timer: 0 };
    at("typing").hidden = true;
    return;
  }
  const reading = nearEnd();
  typing.from ||= Date.now();
  const past = Date.now() - typing.from;
  at("typing").hidden = past > TYPING_LONGEST;
  at("typing-words").textContent = past > TYPING_LONG ? now.typingLong : now.typing;
  clearTimeout(typing.timer);
  if (past <= TYPING_LONGEST) typing.timer = setTimeout(() => show(), TYPING_LONG);
  if (reading) toEnd();
}

function nearEnd() {
  const box = at("scroller");
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
}

function toEnd() {
  at("scroller").scrollTop = at("scroller").scrollHeight;
  at("newer").hidden = true;
}

// ---- the page's own controls

function setText(text) {
  at("text").value = text;
  at("text").style.height = "auto";
  at("text").style.height = `${at("text").scrollHeight}px`;
  const length = [...text].length;
  at("hint").textContent = length > longest ? words().tooLong(length, longest) : words().hint;
  at("hint").classList.toggle("warning", length > longest);
  at("send").disabled = length > longest;
}

function submit() {
  if (at("send").disabled) return;
  say(at("text").value);
  setText("");
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // storage is forbidden: the choice holds until the page closes
  }
}

/** Change how everything looks without losing the end of the conversation, if that is what is being read. */
function restyle(change) {
  const reading = nearEnd();
  change();
  if (reading) toEnd();
}

function setLarge(large) {
  if (large) document.documentElement.dataset.large = "";
  else delete document.documentElement.dataset.large;
  at("large").setAttribute("aria-pressed", String(large));
}

function setLanguage(language) {
  document.documentElement.lang = language;
  spell();
  at("language").lang = language === "en" ? "zh-CN" : "en";
  tellUnread();
  setText(at("text").value);
  log.redraw();
  show();
}

function seen() {
  unread = 0;
  tellUnread();
}

at("form").addEventListener("submit", (event) => (event.preventDefault(), submit()));
at("text").addEventListener("input", () => setText(at("text").value));
at("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault(); // 229: Enter that only picks a candidate of the Chinese input method
  submit();
});
at("human").addEventListener("click", () => say(words().human));
at("newer").addEventListener("click", toEnd);
at("scroller").addEventListener("scroll", () => nearEnd() && (at("newer").hidden = true), { passive: true });
at("quick")?.addEventListener("click", (event) => event.target.closest("button") && say(event.target.closest("button").textContent));
at("large").addEventListener("click", () => {
  const large = !("large" in document.documentElement.dataset);
  restyle(() => setLarge(large));
  keep("laofashi.large", large ? "1" : "0");
});
at("language").addEventListener("click", () => {
  const language = locale() === "en" ? "zh-CN" : "en";
  restyle(() => setLanguage(language));
  keep("laofashi.language", language === "en" ? "en" : "zh");
});
document.addEventListener("visibilitychange", () => document.hidden || seen());
document.addEventListener("keydown", (event) => {
  if (embedded && event.key === "Escape" && !event.isComposing) parent.postMessage({ laofashi: "close" }, "*");
});
addEventListener("message", (event) => {
  if (event.source !== parent || event.data?.laofashi !== "open") return;
  widgetOpen = event.data.open;
  if (widgetOpen) (seen(), toEnd(), at("text").focus());
});
visualViewport?.addEventListener("resize", () => {
  document.documentElement.style.setProperty("--height", `${visualViewport.height}px`); // iOS: less the on-screen keyboard
  if (document.activeElement === at("text")) toEnd();
});

setLarge("large" in document.documentElement.dataset);
setLanguage(document.documentElement.lang);
for (const item of outbox.all()) log.wait(item);
line.connect();
show();
