// The shared screen: consent first, then both sides in one picture, with pointer, pen and optional voice.

import { $, api, attempt, identifier, notify, t } from "/desk/assets/common.js";
import { Drawing } from "/desk/assets/drawing.js";
import { Peer } from "/desk/assets/peer.js";

const settings = JSON.parse($("#settings").textContent);
const here = location.pathname;
const canShare = Boolean(navigator.mediaDevices?.getDisplayMedia) && !/Android|iPhone|iPad|Mobile/i.test(navigator.userAgent);
const video = $("#screen");
const sound = $("#sound");
const window_ = identifier(); // tells a reconnection from a second window
let peer, drawing, socket, delay = 500;
let over = false;
let mine = null; // the stream of my own screen while I share it
let theirs = null;
let together = false;

// ---- consent

async function start() {
  if (settings.side === "applicant" && settings.state === "requested") return askConsent();
  enter();
}

function askConsent() {
  const dialog = $("#consent");
  let decided = false;
  const decide = (answer, then) => attempt(async () => {
    Object.assign(settings, await api(`${here}/${answer}`, {}));
    decided = true;
    dialog.close();
    then();
  });
  dialog.addEventListener("close", () => decided || over || dialog.showModal()); // Escape is no answer
  $("#agree").addEventListener("click", () => decide("consent", enter));
  $("#decline").addEventListener("click", () => decide("decline", () => finish("declined")));
  dialog.showModal();
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
  $("#meeting-link").href = settings.meeting_url;
  $("#meeting-end").onclick = end;
}

// ---- the socket: who is there, signals, the end

function connect() {
  socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${here}/ws?window=${window_}`);
  socket.onmessage = ({ data }) => receive(JSON.parse(data));
  socket.onclose = () => {
    if (over) return;
    if (!peer?.connected) status("offline");
    delay = Math.min(delay * 1.7, 10000);
    setTimeout(connect, delay);
  };
}

function signal(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

async function receive(message) {
  if (message.type === "ready") {
    delay = 500;
    settings.state = message.state;
    status("online");
    if (settings.meeting) return showMeeting();
    peer.greet();
  } else if (message.type === "state") {
    if (["ended", "declined", "expired"].includes(message.state)) finish(message.state);
    
  } else if (message.type === "replaced") finish("elsewhere");
  else if (peer) await peer.take(message).catch((error) => console.warn(error));
}

// ---- the picture

function prepare() {
  peer = new Peer({ iceServers: settings.ice_servers, polite: settings.side === "applicant", signal });
  drawing = new Drawing($("#ink"), video, settings.side, (mark) => peer.say(mark));
  const other = settings.side === "applicant" ? "specialist" : "applicant";
  peer.addEventListener("mark", ({ detail }) => drawing.apply(detail, other));
  peer.addEventListener("track", ({ detail }) => takeTrack(detail));
  peer.addEventListener("word", ({ detail }) => {
    if (detail.word === "sharing") { together = true; stopSharing(false); }
    if (detail.word === "stopped") { theirs = null; show(); }
  });
  peer.addEventListener("open", () => { together = true; show(); if (mine) peer.say({ word: "sharing" }); });
  peer.addEventListener("state", ({ detail }) => {
    if (detail === "lost") status("offline", "room_lost");
    if (detail === "connected") status("online", "room_connected");
  });
  $("#share-screen").hidden = !canShare;
  $("#voice").hidden = !navigator.mediaDevices?.getUserMedia;
  show();
}

function takeTrack({ track, streams: [stream] }) {
  const remote = stream ?? new MediaStream([track]);
  if (track.kind === "audio") {
    sound.srcObject = remote;
    sound.play().catch(() => {});
    return;
  }
  theirs = remote;
  remote.onremovetrack = () => { if (theirs === remote && !remote.getVideoTracks().length) { theirs = null; show(); } };
  track.onended = () => { if (theirs === remote) { theirs = null; show(); } };
  show();
}

function show() {
  const stream = mine ?? theirs;
  if (video.srcObject !== stream) video.srcObject = stream;
  if (stream) video.play().catch(() => {});
  $("#stage-note").hidden = Boolean(stream);
  $("#stage-note").textContent = t(together ? "nothing_shared" : "room_waiting");
  $("#hint").textContent = mine ? t("showing") : theirs ? t("watching") : !canShare && settings.side === "applicant" ? t("phone_view") : "";
  $("#share-screen").textContent = t(mine ? "share_stop" : "share_mine");
  $("#share-screen").classList.toggle("primary", !mine);
  drawing?.paint();
}
video.addEventListener("resize", () => drawing?.paint());

async function shareScreen() {
  try {
    mine = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 15 }, audio: false, preferCurrentTab: new URLSearchParams(location.search).has("this-tab") });
  } catch {
    return notify(t("share_refused"), "bad");
  }
  const [track] = mine.getVideoTracks();
  track.contentHint = "detail";
  track.onended = () => stopSharing(true);
  peer.add("screen", track, mine);
  peer.say({ word: "sharing" });
  show();
}

function stopSharing(tell) {
  if (!mine) return;
  mine = null;
  peer.drop("screen");
  if (tell) peer.say({ word: "stopped" });
  show();
}

async function toggleVoice() {
  const button = $("#voice");
  const on = button.getAttribute("aria-pressed") !== "true";
  if (!on) peer.drop("voice");
  else {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      peer.add("voice", stream.getAudioTracks()[0], stream);
    } catch {
      return notify(t("voice_refused"), "bad");
    }
  }
  button.setAttribute("aria-pressed", String(on));
}

function chooseTool(tool) {
  drawing.tool = tool;
  for (const each of ["point", "draw"]) $(`#tool-${each}`).setAttribute("aria-pressed", String(each === tool));
}

$("#share-screen").addEventListener("click", () => (mine ? stopSharing(true) : shareScreen()));
$("#voice").addEventListener("click", toggleVoice);
$("#tool-point").addEventListener("click", () => chooseTool("point"));
$("#tool-draw").addEventListener("click", () => chooseTool("draw"));
$("#tool-clear").addEventListener("click", () => drawing.clear());
$("#leave").addEventListener("click", end);

// ---- the end

function end() {
  return attempt(async () => {
    await api(`${here}/end`, {});
    finish("ended");
  });
}

function finish(how) {
  if (over) return;
  over = true;
  mine?.getTracks().forEach((track) => track.stop());
  peer?.close();
  socket?.close();
  video.srcObject = sound.srcObject = null;
  if ($("#consent").open) $("#consent").close();
  $("#room").hidden = $("#meeting").hidden = true;
  const key = how === "declined" && settings.side === "specialist" ? "declined_other" : how;
  $("#over-title").textContent = t({ elsewhere: "room", expired: "dead_title" }[key] ?? `over_${key}`);
  $("#over-text").textContent = t({ elsewhere: "elsewhere", expired: "dead_text" }[key] ?? `over_${key}_text`);
  $("#over").hidden = false;
  $("#status").hidden = true;
}

function status(name, key = name) {
  $("#status").dataset.state = name;
  $("#status").textContent = t(key);
}

start();
