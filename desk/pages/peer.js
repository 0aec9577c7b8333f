// The connection between the two browsers of a room: WebRTC, negotiated through the room's socket.
// Each attempt has an id of its own. Signals may be lost: who is not connected greets again, and after a while afresh.

import { identifier } from "/desk/assets/common.js";

const GREET = 3000; // ms between greetings while unconnected
const GIVE_UP = 12000; // ms after which an attempt that came to nothing is begun again

/** Events: `open`, `state` (new|connected|lost), `track` (event), `mark` (drawing mark), `word` (small message). */
export class Peer extends EventTarget {
  constructor({ iceServers, polite, signal }) {
    super();
    Object.assign(this, { iceServers, polite, id: identifier(), other: null, pc: null, tracks: new Map() });
    this.signal = (message) => signal({ ...message, id: this.id });
    this.timer = setInterval(() => this.look(), GREET);
  }

  get connected() {
    return this.pc?.connectionState === "connected" && this.channel?.readyState === "open";
  }

  look() {
    if (this.connected) {
      this.since = performance.now();
    } else {
      if (this.pc && performance.now() - this.since > GIVE_UP) this.reset();
      this.greet();
    }
  }

  greet() {
    if (!this.connected) this.signal({ type: "hello" });
  }

  reset() {
    this.pc?.close();
    Object.assign(this, { id: identifier(), other: null, pc: null, channel: null });
  }

  /** Take a signal of the other side; `id` names its attempt, `to` the attempt of ours that it is for. */
  async take({ type, id, to, description, candidate }) {
    if (to && to !== this.id) return;
    if (type === "hello" || type === "welcome") {
      if (this.other !== id) this.open(id);
      if (type === "hello") this.signal({ type: "welcome", to: id });
      return;
    }
    if (id !== this.other) return;
    if (type === "description") await this.describe(description);
    if (type === "candidate") await this.pc.addIceCandidate(candidate).catch((error) => { if (!this.ignoring) throw error; });
  }

  open(other) {
    this.pc?.close();
    Object.assign(this, { other, offering: false, ignoring: false, answering: false, described: false, since: performance.now() });
    const pc = (this.pc = new RTCPeerConnection({ iceServers: this.iceServers }));
    const current = () => this.pc === pc;
    pc.onnegotiationneeded = () => this.offer(pc);
    pc.onicecandidate = ({ candidate }) => candidate && current() && this.signal({ type: "candidate", to: other, candidate });
    pc.ontrack = (event) => this.tell("track", event);
    pc.onconnectionstatechange = () => {
      if (!current()) return;
      if (pc.connectionState === "failed") pc.restartIce();
      this.tell("state", { connected: "connected", failed: "lost", disconnected: "lost" }[pc.connectionState] ?? "new");
    };
    this.channel = pc.createDataChannel("marks", { negotiated: true, id: 0 });
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.channel.onopen = () => current() && this.tell("open");
    for (const entry of this.tracks.values()) entry.sender = pc.addTrack(entry.track, entry.stream);
  }

  // The polite side never opens: Chromium sometimes loses its candidates when a first offer is rolled back.
  async offer(pc) {
    if (this.polite && !this.described) return;
    try {
      this.offering = true;
      await pc.setLocalDescription();
      if (this.pc === pc) this.signal({ type: "description", to: this.other, description: pc.localDescription });
    } finally {
      this.offering = false;
    }
  }

  // Perfect negotiation (W3C WebRTC, section 10.7): on a collision the polite side yields.
  async describe(description) {
    const { pc } = this;
    const offered = description.type === "offer";
    const ready = !this.offering && (pc.signalingState === "stable" || this.answering);
    this.ignoring = !this.polite && offered && !ready;
    if (this.ignoring) return;
    this.answering = !offered;
    await pc.setRemoteDescription(description);
    this.answering = false;
    this.described = true;
    if (!offered || this.pc !== pc) return;
    await pc.setLocalDescription();
    this.signal({ type: "description", to: this.other, description: pc.localDescription });
  }

  /** Send a track until `drop` is called with its name; survives a new connection. */
  add(name, track, stream) {
    this.drop(name);
    this.tracks.set(name, { track, stream, sender: this.pc?.addTrack(track, stream) });
  }

  drop(name) {
    const entry = this.tracks.get(name);
    if (!entry) return;
    this.tracks.delete(name);
    entry.track.stop();
    if (entry.sender && this.pc?.signalingState !== "closed") this.pc.removeTrack(entry.sender);
  }

  /** A small message past the server, lost when unconnected. */
  say(message) {
    if (this.channel?.readyState === "open") this.channel.send(JSON.stringify(message));
  }

  hear(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message && typeof message === "object") this.tell(message.word ? "word" : "mark", message);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  close() {
    clearInterval(this.timer);
    for (const name of [...this.tracks.keys()]) this.drop(name);
    this.pc?.close();
    this.pc = null;
  }
}
