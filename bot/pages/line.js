// The line to the desk: a WebSocket that comes back after a cut, or plain requests where no WebSocket gets through.

const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;
const LONGEST_PAUSE = 30_000;
const POLL_EVERY = 2_000;
const SOCKET_AGAIN = 60_000;
const OPEN_WITHIN = 8_000; // some proxies swallow a WebSocket without a word

/** Milliseconds before the n-th try (from 0): doubling, capped, half of it random so that not all come back at once. */
export function pause(n, random = Math.random) {
  return Math.min(LONGEST_PAUSE, 1000 * 2 ** n) * (0.5 + random() / 2);
}

/**
 * `onFrame(frame)` gets what the server says, `onChange(up, why)` whether it can be reached; `cursor()` is the last id seen.
 * `why` is "offline", "unreachable" or "cookie".
 */
export class Line {
  up = false;
  #socket = null;
  #polling = false;
  #failures = 0;
  #cookieless = false;
  #timers = { retry: 0, ping: 0, pong: 0, poll: 0 };

  constructor({ onFrame, onChange, cursor, locale }) {
    Object.assign(this, { onFrame, onChange, cursor, locale });
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
    socket.onopen = () => socket.send(JSON.stringify({ type: "resume", after: this.cursor() }));
    socket.onmessage = (event) => socket === this.#socket && this.#heard(event.data);
    socket.onclose = () => socket === this.#socket && this.#lost();
    this.#timers.pong = setTimeout(() => this.#lost(), OPEN_WITHIN);
  }

  /** Send a message; false when the line is down. Its acceptance or refusal comes as a frame. */
  say(item) {
    const frame = { type: "say", client_message_id: item.id, text: item.text, label: item.label, locale: this.locale() };
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

  #heard(data) {
    clearTimeout(this.#timers.pong);
    this.#failures = 0;
    this.#stopPolling();
    if (!this.up) {
      this.#timers.ping = setInterval(() => this.#ping(), PING_EVERY);
      this.#tell(true);
    }
    this.onFrame(JSON.parse(data));
  }

  #ping() {
    this.#socket.send(JSON.stringify({ type: "ping" }));
    clearTimeout(this.#timers.pong);
    this.#timers.pong = setTimeout(() => this.#lost(), PONG_WITHIN);
  }

  #lost() {
    this.#drop();
    if (!this.#polling) this.#tell(false, navigator.onLine ? "unreachable" : "offline");
    this.#failures += 1;
    if (!this.#polling) this.#poll(); // should it be the socket alone that does not get through
    clearTimeout(this.#timers.retry);
    this.#timers.retry = setTimeout(() => this.connect(), this.#polling ? SOCKET_AGAIN : pause(this.#failures - 1));
  }

  #drop() {
    clearInterval(this.#timers.ping);
    clearTimeout(this.#timers.pong);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #poll() {
    clearTimeout(this.#timers.poll);
    const answer = await this.#fetch(`/chat/messages?after=${this.cursor()}&locale=${this.locale()}`);
    const page = answer?.messages ? answer : null;
    if (this.up && !this.#polling) return; // the socket came back meanwhile
    if (page) {
      for (const message of page.messages) this.onFrame(message);
      this.onFrame(page.state);
    }
    const before = this.#polling;
    this.#polling = Boolean(page);
    if (this.#polling && !before) this.#tell(true);
    clearTimeout(this.#timers.poll);
    if (this.#polling) this.#timers.poll = setTimeout(() => this.#poll(), POLL_EVERY);
    else if (before) this.#lost();
  }

  #stopPolling() {
    clearTimeout(this.#timers.poll);
    this.#polling = false;
  }

  async #post(frame) {
    const answer = await this.#fetch("/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(frame),
    });
    if (answer) {
      this.onFrame(answer);
      if (this.#polling) this.#poll();
    } else if (this.#polling) {
      this.#stopPolling(); // it may have arrived or not: what is still unsent goes out again once we are through
      this.#lost();
    }
  }

  async #fetch(path, options) {
    try {
      const response = await fetch(path, { cache: "no-store", credentials: "same-origin", ...options });
      this.#cookieless = response.status === 401;
      if (this.#cookieless) this.#tell(false);
      const told = response.headers.get("content-type")?.startsWith("application/json") && !this.#cookieless;
      return told ? await response.json() : null;
    } catch {
      return null;
    }
  }

  #tell(up, why = "") {
    this.up = up;
    this.onChange(up, !up && this.#cookieless ? "cookie" : why);
  }
}
