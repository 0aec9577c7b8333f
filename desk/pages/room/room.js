// The shared screen: consent first, then both sides in one picture, with pointer, pen and optional voice.

import { api } from "../shared/api.js";
import { $ } from "../shared/elements.js";
import { identifier } from "../shared/identifiers.js";
import { attempt, notify } from "../shared/notices.js";
import { settings as given } from "../shared/settings.js";
import { t } from "../shared/texts.js";
import { closeConsent, consented } from "./consent.js";
import { Drawing } from "./drawing.js";
import { Peer } from "./peer.js";

/** @import { RoomFrame, RoomSettings, ShareState, Signal, Word } from "../types" */
/** @import { TextKey } from "../shared/texts.js" */

/** @typedef {"ended" | "declined" | "expired" | "elsewhere"} End */

/** @type {RoomSettings} */
const settings = given();
const here = location.pathname;
const applicant = settings.side === "applicant";
const canShare = "getDisplayMedia" in (navigator.mediaDevices ?? {}) && !isPhone();
const video = $("#screen", HTMLVideoElement);
const sound = $("#sound", HTMLAudioElement);
const window_ = identifier(); // tells a reconnection from a second window
/** @type {Peer | null} */
let peer = null;
/** @type {Drawing | null} */
let drawing = null;
/** @type {WebSocket | null} */
let socket = null;
let delay = 500;
let over = false;
/** @type {MediaStream | null} my own screen while I share it */
let mine = null;
/** @type {MediaStream | null} */
let theirs = null;
let together = false;

function isPhone() {
  return /Android|iPhone|iPad|Mobile/i.test(navigator.userAgent);
}

async function start() {
  const asked = applicant && settings.state === "requested";
  if (!asked || (await consented(settings, () => over))) enter();
  else finish("declined");
}

function enter() {
  if (!settings.meeting) {
    $("#room").hidden = false;
    prepare();
  }
  connect();
}

function showMeeting() {
  $("#meeting").hidden = false;
  $("#meeting-link", HTMLAnchorElement).href = settings.meeting_url;
  $("#meeting-end").onclick = end;
}

// ---- the socket: who is there, signals, the end

function connect() {
  const opened = new WebSocket(`${location.origin.replace(/^http/, "ws")}${here}/ws?window=${window_}`);
  socket = opened;
  opened.onmessage = ({ data }) => receive(JSON.parse(data));
  opened.onclose = () => {
    if (over) return;
    if (!peer?.connected) status("offline");
    delay = Math.min(delay * 1.7, 10000);
    setTimeout(connect, delay);
  };
}

/** @param {Signal} message */
function signal(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** @param {RoomFrame} frame */
async function receive(frame) {
  if (frame.type === "ready") ready(frame.state);
  else if (frame.type === "state") ended(frame.state);
  else if (frame.type === "replaced") finish("elsewhere");
  else if (peer) await peer.take(frame).catch((error) => console.warn(error));
}

/** @param {ShareState} state */
function ready(state) {
  delay = 500;
  settings.state = state;
  status("online");
  if (settings.meeting) showMeeting();
  else peer?.greet();
}

/** @param {ShareState} state */
function ended(state) {
  if (state === "ended" || state === "declined" || state === "expired") finish(state);
}

// ---- the picture

function prepare() {
  const [side, other] = applicant
    ? /** @type {const} */ (["applicant", "specialist"])
    : /** @type {const} */ (["specialist", "applicant"]);
  const ink = new Drawing($("#ink", HTMLCanvasElement), video, side, (mark) => peer?.say(mark));
  drawing = ink;
  peer = new Peer(
    { iceServers: settings.ice_servers, polite: applicant, signal },
    { open: meet, state: connection, track: takeTrack, mark: (mark) => ink.apply(mark, other), word: hear },
  );
  $("#share-screen").hidden = !canShare;
  $("#voice").hidden = !("getUserMedia" in (navigator.mediaDevices ?? {}));
  $("#tool-point").addEventListener("click", () => chooseTool(ink, "point"));
  $("#tool-draw").addEventListener("click", () => chooseTool(ink, "draw"));
  $("#tool-clear").addEventListener("click", () => ink.clear());
  show();
}

function meet() {
  together = true;
  show();
  if (mine) peer?.say({ word: "sharing" });
}

/** @param {"new" | "connected" | "lost"} state */
function connection(state) {
  if (state === "lost") status("offline", "room_lost");
  if (state === "connected") status("online", "room_connected");
}

/** @param {Word} word */
function hear({ word }) {
  if (word === "sharing") {
    together = true;
    stopSharing(false);
  }
  if (word === "stopped") {
    theirs = null;
    show();
  }
}

/** @param {RTCTrackEvent} event */
function takeTrack({ track, streams: [stream] }) {
  const remote = stream ?? new MediaStream([track]);
  if (track.kind === "audio") {
    sound.srcObject = remote;
    sound.play().catch(() => {});
    return;
  }
  const gone = () => {
    if (theirs !== remote) return;
    theirs = null;
    show();
  };
  theirs = remote;
  remote.onremovetrack = () => remote.getVideoTracks().length || gone();
  track.onended = gone;
  show();
}

function show() {
  const stream = mine ?? theirs;
  if (video.srcObject !== stream) video.srcObject = stream;
  if (stream) video.play().catch(() => {});
  $("#stage-note").hidden = Boolean(stream);
  $("#stage-note").textContent = t(together ? "nothing_shared" : "room_waiting");
  $("#hint").textContent = hint();
  $("#share-screen").textContent = t(mine ? "share_stop" : "share_mine");
  $("#share-screen").classList.toggle("primary", !mine);
  drawing?.paint();
}
video.addEventListener("resize", () => drawing?.paint());

function hint() {
  if (mine) return t("showing");
  if (theirs) return t("watching");
  return !canShare && applicant ? t("phone_view") : "";
}

/** Chromium offers the present tab first with this (https://w3c.github.io/mediacapture-screen-share-extensions/). */
const THIS_TAB = { preferCurrentTab: new URLSearchParams(location.search).has("this-tab") };

async function shareScreen() {
  try {
    mine = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 15 }, audio: false, ...THIS_TAB });
  } catch {
    return notify(t("share_refused"), "bad");
  }
  const [track] = mine.getVideoTracks();
  track.contentHint = "detail";
  track.onended = () => stopSharing(true);
  peer?.add("screen", track, mine);
  peer?.say({ word: "sharing" });
  show();
}

/** @param {boolean} tell the other side */
function stopSharing(tell) {
  if (!mine) return;
  mine = null;
  peer?.drop("screen");
  if (tell) peer?.say({ word: "stopped" });
  show();
}

async function toggleVoice() {
  const button = $("#voice");
  const on = button.getAttribute("aria-pressed") !== "true";
  if (!on) peer?.drop("voice");
  else {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      peer?.add("voice", stream.getAudioTracks()[0], stream);
    } catch {
      return notify(t("voice_refused"), "bad");
    }
  }
  button.setAttribute("aria-pressed", String(on));
}

/**
 * @param {Drawing} ink
 * @param {"point" | "draw"} tool
 */
function chooseTool(ink, tool) {
  ink.tool = tool;
  for (const each of ["point", "draw"]) $(`#tool-${each}`).setAttribute("aria-pressed", String(each === tool));
}

$("#share-screen").addEventListener("click", () => (mine ? stopSharing(true) : shareScreen()));
$("#voice").addEventListener("click", toggleVoice);
$("#leave").addEventListener("click", end);

// ---- the end

function end() {
  return attempt(async () => {
    await api(`${here}/end`, {});
    finish("ended");
  });
}

/** What is said of an end: title and sentence. @param {End} how @returns {[TextKey, TextKey]} */
function farewell(how) {
  if (how === "elsewhere") return ["room", "elsewhere"];
  if (how === "expired") return ["dead_title", "dead_text"];
  if (how === "ended") return ["over_ended", "over_ended_text"];
  return applicant ? ["over_declined", "over_declined_text"] : ["over_declined_other", "over_declined_other_text"];
}

/** @param {End} how */
function finish(how) {
  if (over) return;
  over = true;
  mine?.getTracks().forEach((track) => track.stop());
  peer?.close();
  socket?.close();
  video.srcObject = sound.srcObject = null;
  closeConsent();
  $("#room").hidden = $("#meeting").hidden = true;
  const [title, text] = farewell(how);
  $("#over-title").textContent = t(title);
  $("#over-text").textContent = t(text);
  $("#over").hidden = false;
  $("#status").hidden = true;
}

/**
 * @param {"online" | "offline"} name
 * @param {TextKey} [key]
 */
function status(name, key = name) {
  $("#status").dataset.state = name;
  $("#status").textContent = t(key);
}

start();
