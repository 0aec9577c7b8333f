// The applicant's chat page: what is written, what is shown, and the line between.

import { offerLargeType } from "../large_type.js";
import { $, targetOf } from "../shared/elements.js";
import { english } from "../shared/sentences.js";
import { write } from "../shared/storage.js";
import { Line } from "./line.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { atEnd, keepingEnd, offerEnd, toEnd } from "./scrolling.js";
import * as standing from "./standing.js";
import { spell, t } from "./texts.js";
import { offerWriting, setText, written } from "./writing.js";

/** @import { AcceptedFrame, Button, Frame, MessageFrame, RefusedFrame, StateFrame } from "../messages" */
/** @import { Why } from "./line.js" */

const ANSWER_WITHIN = 15_000; // of the server to a message sent

const embedded = "embedded" in document.documentElement.dataset;
const outbox = new Outbox();
const log = new Log($("#log"), press);
const line = new Line({ onFrame, onChange, cursor: () => log.last, locale });

/** @type {StateFrame | null} */
let state = null;
/** @type {Why} */
let why = "";
/** @type {string | null} the client_message_id now waiting for its answer */
let sent = null;
let overdue = 0; // timers
let retry = 0;
let caughtUp = false;
let unread = 0;
let widgetOpen = true;

function locale() {
  return english() ? "en" : "zh";
}

function show() {
  const working = log.unanswered && line.up && caughtUp;
  standing.show({ state, up: line.up, why, working, empty: log.empty, embedded });
}

// ---- writing

/**
 * @param {string} text
 * @param {string} [label] what stood on the button that was pressed instead of writing
 */
function say(text, label) {
  if (!text.trim()) return;
  log.wait(outbox.add(text.trim(), label));
  if (!line.up) log.note(t("unsent"));
  show();
  toEnd();
  pump();
}

/** Send the oldest message not yet accepted; the next one follows its answer, so that their order holds. */
function pump() {
  const head = outbox.all()[0];
  if (!head || sent || retry || !line.up) return;
  log.wait(head);
  log.note(t("sending"));
  if (!line.say(head)) return;
  sent = head.id;
  overdue = setTimeout(late, ANSWER_WITHIN);
}

function late() {
  answered();
  line.restart();
  pump();
}

function answered() {
  clearTimeout(overdue);
  sent = null;
}

/** @param {Button} button */
function press({ value, label }) {
  if (!value || value === label) say(label);
  else say(value, label);
}

// ---- hearing

/** @param {Frame} frame */
function onFrame(frame) {
  if (frame.type === "accepted") accepted(frame);
  if (frame.type === "refused") refused(frame);
  if (frame.type === "message") heard(frame);
  if (frame.type === "state") held(frame);
  show();
}

/** @param {AcceptedFrame} frame */
function accepted({ client_message_id: id }) {
  answered();
  outbox.remove(id);
  log.accept(id);
  pump();
}

/** @param {RefusedFrame} frame */
function refused({ client_message_id: id, retry_after: seconds, text }) {
  if (!id) return; // not about a message: the one sent is still on its way, or overdue
  if (sent === id) answered();
  if (seconds) {
    clearTimeout(retry);
    retry = setTimeout(again, seconds * 1000);
    log.note(text);
    return;
  }
  const item = outbox.all().find((each) => each.id === id);
  outbox.remove(id);
  log.refuse(id, text);
  if (item && !written() && !item.text.startsWith("/")) setText(item.text);
  pump();
}

function again() {
  retry = 0;
  pump();
}

/** @param {MessageFrame} message */
function heard(message) {
  const reading = atEnd();
  const { client_message_id: id, sender } = message;
  outbox.remove(id);
  if (sent && sent === id) answered();
  if (!log.add(message)) return;
  if (caughtUp && sender !== "applicant") arrived(reading);
  else if (reading) toEnd();
  pump();
}

/** @param {StateFrame} frame */
function held(frame) {
  state = frame;
  log.hold(frame.holder);
  if (caughtUp) return;
  caughtUp = true;
  $("#log").setAttribute("aria-busy", "false");
  if (!log.empty) toEnd();
}

/**
 * @param {boolean} up
 * @param {Why} reason
 */
function onChange(up, reason) {
  why = reason;
  answered();
  if (up) pump();
  else log.note(t("unsent"));
  show();
}

/** @param {boolean} reading the end */
function arrived(reading) {
  if (reading) toEnd();
  else offerEnd();
  if (document.hidden || !widgetOpen) unread += 1;
  tellUnread();
}

function tellUnread() {
  document.title = (unread ? t("unread", { n: unread }) : "") + t("title");
  if (embedded) parent.postMessage({ laofashi: "unread", count: unread }, "*");
}

function seen() {
  unread = 0;
  tellUnread();
}

// ---- the page's own controls

/** @param {"zh-CN" | "en"} language */
function setLanguage(language) {
  document.documentElement.lang = language;
  spell();
  $("#language").lang = english() ? "zh-CN" : "en";
  tellUnread();
  setText(written());
  log.redraw();
  show();
}

offerWriting(say);
offerLargeType(keepingEnd);
$("#human").addEventListener("click", () => say(t("human")));
document
  .getElementById("quick")
  ?.addEventListener("click", (event) => say(targetOf(event, "button")?.textContent ?? ""));
$("#language").addEventListener("click", () => {
  const language = english() ? "zh-CN" : "en";
  keepingEnd(() => setLanguage(language));
  write("laofashi.language", locale());
});
document.addEventListener("visibilitychange", () => document.hidden || seen());
document.addEventListener("keydown", (event) => {
  if (embedded && event.key === "Escape" && !event.isComposing) parent.postMessage({ laofashi: "close" }, "*");
});
addEventListener("message", (event) => {
  if (event.source !== parent || event.data?.laofashi !== "open") return;
  widgetOpen = event.data.open;
  if (!widgetOpen) return;
  seen();
  toEnd();
  $("#text").focus();
});
visualViewport?.addEventListener("resize", () => {
  const height = visualViewport?.height ?? innerHeight; // iOS: less the on-screen keyboard
  document.documentElement.style.setProperty("--height", `${height}px`);
  if (document.activeElement?.id === "text") toEnd();
});

setLanguage(english() ? "en" : "zh-CN");
for (const item of outbox.all()) log.wait(item);
line.connect();
show();
