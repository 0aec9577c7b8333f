// The desk's socket for hints: it says that something changed, and the page looks.

import { signedOut } from "./api.js";
import { $ } from "./elements.js";
import { t } from "./texts.js";

const SIGNED_OUT = 4401; // the close code of a session that ended
const SHORTEST = 500; // ms before the first try to come back
const LONGEST = 15000;

/** Keeps a socket open; `watch` adds one conversation to what it tells of. */
class Live {
  /** @type {string | null} */
  #watched = null;
  #delay = SHORTEST;
  #hear;
  #socket;

  /** @param {{ onHint: (topic: string) => unknown, onOpen: () => unknown }} hear */
  constructor(hear) {
    this.#hear = hear;
    this.#socket = this.#connect();
  }

  /**
   * Hear of this conversation, too, and of no other.
   * @param {string | null} conversation its id
   */
  watch(conversation) {
    this.#watched = conversation;
    if (this.#socket.readyState === WebSocket.OPEN) this.#tell();
  }

  #tell() {
    this.#socket.send(JSON.stringify({ watch: this.#watched }));
  }

  #connect() {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/desk/live`);
    socket.onopen = () => {
      this.#delay = SHORTEST;
      show("online");
      if (this.#watched) this.#tell();
      this.#hear.onOpen();
    };
    socket.onmessage = (event) => this.#hear.onHint(JSON.parse(event.data).topic);
    socket.onclose = (event) => this.#closed(event.code);
    return socket;
  }

  /** @param {number} code */
  #closed(code) {
    if (code === SIGNED_OUT) return signedOut();
    show("offline");
    this.#delay = Math.min(this.#delay * 1.7, LONGEST);
    setTimeout(() => (this.#socket = this.#connect()), this.#delay * (0.7 + Math.random() * 0.6));
  }
}

/** @param {"online" | "offline"} state */
function show(state) {
  const badge = $("#link");
  badge.dataset.state = state;
  badge.textContent = t(state);
}

/**
 * Keep a socket open for hints: `onHint(topic)` for each, `onOpen()` after every (re)connection. From now on the page
 * may be used.
 * @param {{ onHint?: (topic: string) => unknown, onOpen: () => unknown }} hear
 */
export function live({ onOpen, onHint = () => {} }) {
  $("main").removeAttribute("inert");
  return new Live({ onOpen, onHint });
}
