// The line to the desk: a WebSocket that comes back after a cut, or plain requests where no WebSocket gets through.

import { request } from "../shared/requests.js";

/** @import { Frame, Glance, SayFrame } from "../messages" */
/** @import { Waiting } from "./outbox.js" */
/** @typedef {"" | "offline" | "unreachable" | "no_cookie"} Why */

/**
 * `onFrame` gets what the server says, `onChange` whether it can be reached; `cursor()` is the last id seen.
 * @typedef {{
 *   onFrame: (frame: Frame) => void,
 *   onChange: (up: boolean, why: Why) => void,
 *   cursor: () => number,
 *   locale: () => "zh" | "en",
 * }} Page
 */

const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;
const LONGEST_PAUSE = 30_000;
const POLL_EVERY = 2_000;
const SOCKET_AGAIN = 60_000;
const OPEN_WITHIN = 8_000; // some proxies swallow a WebSocket without a word

/**
 * Milliseconds before the n-th try (from 0): doubling, capped, half of it random so that not all come back at once.
 * @param {number} n
 */
export function pause(n, random = Math.random) {
  return Math.min(LONGEST_PAUSE, 1000 * 2 ** n) * (0.5 + random() / 2);
}

export class Line {
  up = false;
  #page;
  /** @type {WebSocket | null} */
  #socket = null;
  #polling = false;
  #failures = 0;
  #cookieless = false;
  #timers = { retry: 0, ping: 0, pong: 0, poll: 0 };

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.#lost());
    addEventListener("pageshow", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  /** Try at once if the line is down, and ask for a sign of life if it seems up. */
  hurry() {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#ping();
    else if (!this.#socket) this.connect();
  }

  connect() {
    clearTimeout(this.#timers.retry);
    this.#drop();
    const socket = new WebSocket(new URL("/chat/ws", location.href).href.replace(/^http/, "ws"));
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "resume", after: this.#page.cursor() }));
    socket.onmessage = (event) => socket === this.#socket && this.#heard(event.data);
    socket.onclose = () => socket === this.#socket && this.#lost();
    this.#timers.pong = setTimeout(() => this.#lost(), OPEN_WITHIN);
  }

  /**
   * Send a message; false when the line is down. Its acceptance or refusal comes as a frame.
   * @param {Waiting} item
   */
  say({ id, text, label }) {
    /** @type {SayFrame} */
    const frame = { type: "say", client_message_id: id, text, label, locale: this.#page.locale() };
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(frame));
      return true;
    }
    if (!this.#polling) return false;
    this.#post(frame);
    return true;
  }

  /** Give the present line up and open another: an answer is overdue. */
  restart() {
    this.#lost();
  }

  /** @param {string} data */
  #heard(data) {
    clearTimeout(this.#timers.pong);
    this.#failures = 0;
    this.#stopPolling();
    if (!this.up) {
      this.#timers.ping = setInterval(() => this.#ping(), PING_EVERY);
      this.#tell(true);
    }
    this.#page.onFrame(JSON.parse(data));
  }

  #ping() {
    this.#socket?.send(JSON.stringify({ type: "ping" }));
    clearTimeout(this.#timers.pong);
    this.#timers.pong = setTimeout(() => this.#lost(), PONG_WITHIN);
  }

  #lost() {
    this.#drop();
    if (!this.#polling) this.#tell(false, navigator.onLine ? "unreachable" : "offline");
    this.#failures += 1;
    if (!this.#polling) this.#poll(); // should it be the socket alone that does not get through
    clearTimeout(this.#timers.retry);
    const wait = this.#polling ? SOCKET_AGAIN : pause(this.#failures - 1);
    this.#timers.retry = setTimeout(() => this.connect(), wait);
  }

  #drop() {
    clearInterval(this.#timers.ping);
    clearTimeout(this.#timers.pong);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #poll() {
    const { cursor, locale, onFrame } = this.#page;
    clearTimeout(this.#timers.poll);
    const answer = await this.#ask(`/chat/messages?after=${cursor()}&locale=${locale()}`);
    const glance = isGlance(answer) ? answer : null;
    if (this.up && !this.#polling) return; // the socket came back meanwhile
    if (glance) for (const frame of [...glance.messages, glance.state]) onFrame(frame);
    const before = this.#polling;
    this.#polling = Boolean(glance);
    if (this.#polling && !before) this.#tell(true);
    clearTimeout(this.#timers.poll);
    if (this.#polling) this.#timers.poll = setTimeout(() => this.#poll(), POLL_EVERY);
    else if (before) this.#lost();
  }

  #stopPolling() {
    clearTimeout(this.#timers.poll);
    this.#polling = false;
  }

  /** @param {SayFrame} frame */
  async #post(frame) {
    const answer = await this.#ask("/chat/messages", frame);
    if (answer) {
      this.#page.onFrame(/** @type {Frame} */ (answer));
      if (this.#polling) this.#poll();
    } else if (this.#polling) {
      this.#stopPolling(); // it may have arrived or not: what is still unsent goes out again once we are through
      this.#lost();
    }
  }

  /**
   * What the server answers, null where it cannot be reached or has no cookie of ours.
   * @param {string} path
   * @param {SayFrame} [frame]
   */
  async #ask(path, frame) {
    try {
      const { status, answer } = await request(path, frame);
      this.#cookieless = status === 401;
      if (this.#cookieless) this.#tell(false);
      return this.#cookieless ? null : answer;
    } catch {
      return null;
    }
  }

  /**
   * @param {boolean} up
   * @param {Why} [why]
   */
  #tell(up, why = "") {
    this.up = up;
    this.#page.onChange(up, !up && this.#cookieless ? "no_cookie" : why);
  }
}

/** @param {unknown} answer @returns {answer is Glance} */
function isGlance(answer) {
  return typeof answer === "object" && answer !== null && "messages" in answer;
}
