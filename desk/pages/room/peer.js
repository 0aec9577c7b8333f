// The connection between the two browsers of a room: WebRTC, negotiated through the room's socket.
// Each attempt has an id of its own. Signals may be lost: who is not connected greets again, and after a while afresh.

import { identifier } from "../shared/identifiers.js";

/** @import { Mark, Signal, Word } from "../types" */

/**
 * What the page hears: `open` when marks get through, `state` of the connection, a `track` of the other side, a drawing
 * `mark`, a `word`.
 * @typedef {{
 *   open: () => void,
 *   state: (state: "new" | "connected" | "lost") => void,
 *   track: (event: RTCTrackEvent) => void,
 *   mark: (mark: Mark) => void,
 *   word: (word: Word) => void,
 * }} Hear
 */

/**
 * One attempt with the other side; `other` is the id of its attempt.
 * @typedef {{ other: string, pc: RTCPeerConnection, channel: RTCDataChannel, since: number, offering: boolean,
 *   ignoring: boolean, answering: boolean, described: boolean }} Attempt
 */

/** @typedef {{ track: MediaStreamTrack, stream: MediaStream, sender: RTCRtpSender | undefined }} Sent */

const GREET = 3000; // ms between greetings while unconnected
const GIVE_UP = 12000; // ms after which an attempt that came to nothing is begun again

export class Peer {
  #id = identifier();
  #iceServers;
  #polite;
  #send;
  #hear;
  /** @type {Map<string, Sent>} */
  #tracks = new Map();
  /** @type {Attempt | null} */
  #attempt = null;
  #timer;

  /**
   * @param {{ iceServers: RTCIceServer[], polite: boolean, signal: (signal: Signal) => void }} room
   * @param {Hear} hear
   */
  constructor({ iceServers, polite, signal }, hear) {
    this.#iceServers = iceServers;
    this.#polite = polite;
    this.#send = signal;
    this.#hear = hear;
    this.#timer = setInterval(() => this.#look(), GREET);
  }

  get connected() {
    return this.#attempt?.pc.connectionState === "connected" && this.#attempt.channel.readyState === "open";
  }

  #look() {
    const attempt = this.#attempt;
    if (this.connected && attempt) attempt.since = performance.now();
    if (this.connected) return;
    if (attempt && performance.now() - attempt.since > GIVE_UP) this.#reset();
    this.greet();
  }

  /** Say hello to the other side, unless it is connected. */
  greet() {
    if (!this.connected) this.#signal({ type: "hello" });
  }

  /** @param {Signal} signal */
  #signal(signal) {
    this.#send({ ...signal, id: this.#id });
  }

  #reset() {
    this.#attempt?.pc.close();
    this.#attempt = null;
    this.#id = identifier();
  }

  /** Take a signal of the other side. @param {Signal} signal */
  async take({ type, id, to, description, candidate }) {
    if (!id || (to && to !== this.#id)) return;
    if (type === "hello" || type === "welcome") {
      if (this.#attempt?.other !== id) this.#open(id);
      if (type === "hello") this.#signal({ type: "welcome", to: id });
      return;
    }
    const attempt = this.#attempt;
    if (!attempt || id !== attempt.other) return;
    if (type === "description" && description) await this.#describe(attempt, description);
    if (type === "candidate") {
      await attempt.pc.addIceCandidate(candidate).catch((error) => {
        if (!attempt.ignoring) throw error;
      });
    }
  }

  /** @param {string} other */
  #open(other) {
    this.#attempt?.pc.close();
    const pc = new RTCPeerConnection({ iceServers: this.#iceServers });
    const channel = pc.createDataChannel("marks", { negotiated: true, id: 0 });
    const flags = { offering: false, ignoring: false, answering: false, described: false };
    const attempt = { other, pc, channel, since: performance.now(), ...flags };
    this.#attempt = attempt;
    pc.onnegotiationneeded = () => this.#offer(attempt);
    pc.onicecandidate = ({ candidate }) =>
      candidate && this.#isNow(attempt) && this.#signal({ type: "candidate", to: other, candidate });
    pc.ontrack = (event) => this.#hear.track(event);
    pc.onconnectionstatechange = () => this.#isNow(attempt) && this.#changed(pc);
    channel.onmessage = ({ data }) => this.#heard(data);
    channel.onopen = () => this.#isNow(attempt) && this.#hear.open();
    for (const entry of this.#tracks.values()) entry.sender = pc.addTrack(entry.track, entry.stream);
  }

  /** @param {Attempt} attempt */
  #isNow(attempt) {
    return this.#attempt === attempt;
  }

  /** @param {RTCPeerConnection} pc */
  #changed(pc) {
    const state = pc.connectionState;
    if (state === "failed") pc.restartIce();
    if (state === "connected") this.#hear.state("connected");
    else this.#hear.state(state === "failed" || state === "disconnected" ? "lost" : "new");
  }

  /**
   * Offer a connection. The polite side never opens: Chromium sometimes loses its candidates when a first offer is
   * rolled back.
   * @param {Attempt} attempt
   */
  async #offer(attempt) {
    const { pc, other } = attempt;
    if (this.#polite && !attempt.described) return;
    try {
      attempt.offering = true;
      await pc.setLocalDescription();
      if (this.#isNow(attempt)) this.#signal({ type: "description", to: other, description: pc.localDescription });
    } finally {
      attempt.offering = false;
    }
  }

  /**
   * Perfect negotiation (W3C WebRTC, section 10.7): on a collision the polite side yields.
   * @param {Attempt} attempt
   * @param {RTCSessionDescriptionInit} description
   */
  async #describe(attempt, description) {
    const { pc, other } = attempt;
    const offered = description.type === "offer";
    const ready = !attempt.offering && (pc.signalingState === "stable" || attempt.answering);
    attempt.ignoring = !this.#polite && offered && !ready;
    if (attempt.ignoring) return;
    attempt.answering = !offered;
    await pc.setRemoteDescription(description);
    attempt.answering = false;
    attempt.described = true;
    if (!offered || !this.#isNow(attempt)) return;
    await pc.setLocalDescription();
    this.#signal({ type: "description", to: other, description: pc.localDescription });
  }

  /**
   * Send a track until `drop` is called with its name; survives a new connection.
   * @param {"screen" | "voice"} name
   * @param {MediaStreamTrack} track
   * @param {MediaStream} stream
   */
  add(name, track, stream) {
    this.drop(name);
    this.#tracks.set(name, { track, stream, sender: this.#attempt?.pc.addTrack(track, stream) });
  }

  /** @param {string} name */
  drop(name) {
    const entry = this.#tracks.get(name);
    if (!entry) return;
    this.#tracks.delete(name);
    entry.track.stop();
    const pc = this.#attempt?.pc;
    if (entry.sender && pc && pc.signalingState !== "closed") pc.removeTrack(entry.sender);
  }

  /** A small message past the server, lost when unconnected. @param {Mark | Word} message */
  say(message) {
    const channel = this.#attempt?.channel;
    if (channel?.readyState === "open") channel.send(JSON.stringify(message));
  }

  /** @param {string} data */
  #heard(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (!message || typeof message !== "object") return;
    if (message.word) this.#hear.word(message);
    else this.#hear.mark(message);
  }

  close() {
    clearInterval(this.#timer);
    for (const name of [...this.#tracks.keys()]) this.drop(name);
    this.#attempt?.pc.close();
    this.#attempt = null;
  }
}
