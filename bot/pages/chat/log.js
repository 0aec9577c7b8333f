// The conversation as shown: every message once, in the order of its id, those not yet accepted at the end.

import { $, all } from "../shared/elements.js";
import { sameDay } from "../shared/times.js";
import { bubble, dayMark } from "./bubbles.js";
import { t } from "./texts.js";

/** @import { Holder, MessageFrame } from "../messages" */
/** @import { Press } from "./bubbles.js" */
/** @import { Waiting } from "./outbox.js" */

/** Keeps the elements of a conversation. */
export class Log {
  last = 0; // the highest id the server has told us of
  #root;
  #press;
  /** @type {Map<number, MessageFrame>} */
  #messages = new Map();
  /** @type {Map<string, Waiting>} by client_message_id, in the order written */
  #waiting = new Map();
  /** @type {Map<number | string, HTMLElement>} by id or client_message_id */
  #elements = new Map();
  /** @type {Holder} */
  #holder = "bot";

  /**
   * @param {HTMLElement} root
   * @param {Press} press
   */
  constructor(root, press) {
    this.#root = root;
    this.#press = press;
  }

  get empty() {
    return this.#elements.size === 0;
  }

  /** Whether the bot owes an answer: the newest message is the applicant's own. */
  get unanswered() {
    const newest = this.#messages.get(Math.max(0, ...this.#messages.keys()));
    return this.#holder === "bot" && (this.#waiting.size > 0 || newest?.sender === "applicant");
  }

  /** Show a message of the server; false where it was shown before. @param {MessageFrame} message */
  add(message) {
    this.last = Math.max(this.last, message.id);
    if (this.#messages.has(message.id)) return false;
    this.#messages.set(message.id, message);
    if (message.client_message_id) this.#forget(message.client_message_id);
    this.#place(message);
    this.#settle();
    return true;
  }

  /** Show what the applicant has just written, before the server has it. @param {Waiting} item */
  wait(item) {
    if (this.#waiting.has(item.id)) return;
    this.#waiting.set(item.id, item);
    const at = new Date().toISOString();
    const { text, label } = item;
    const element = bubble({ sender: "applicant", author: "", text, body: { label }, created_at: at }, this.#press);
    element.dataset.waiting = "";
    this.#elements.set(item.id, element);
    this.#root.append(element);
    this.#settle();
  }

  /** The server has it: it waits only for its place among the others. @param {string} clientMessageId */
  accept(clientMessageId) {
    const element = this.#elements.get(clientMessageId);
    if (!element || !this.#waiting.has(clientMessageId)) return;
    delete element.dataset.waiting;
    say(element, "");
  }

  /**
   * Show that a message stays unsent, and why.
   * @param {string} clientMessageId
   * @param {string} why
   */
  refuse(clientMessageId, why) {
    const element = this.#elements.get(clientMessageId);
    this.#waiting.delete(clientMessageId);
    if (!element) return;
    delete element.dataset.waiting;
    element.dataset.refused = "";
    say(element, t("refused", { why }));
    this.#settle();
  }

  /** Say under each waiting message whether it is on its way. @param {string} sentence */
  note(sentence) {
    for (const id of this.#waiting.keys()) {
      const element = this.#elements.get(id);
      if (element && "waiting" in element.dataset) say(element, sentence);
    }
  }

  /** @param {Holder} holder */
  hold(holder) {
    this.#holder = holder;
    this.#settle();
  }

  /** Draw everything again, in the present language. */
  redraw() {
    const [messages, waiting] = [[...this.#messages.values()], [...this.#waiting.values()]];
    this.#root.replaceChildren();
    this.#elements.clear();
    this.#waiting.clear();
    this.#messages.clear();
    for (const message of messages.sort((a, b) => a.id - b.id)) this.add(message);
    for (const item of waiting) this.wait(item);
  }

  /** @param {string} clientMessageId */
  #forget(clientMessageId) {
    this.#elements.get(clientMessageId)?.remove();
    this.#elements.delete(clientMessageId);
    this.#waiting.delete(clientMessageId);
  }

  /** @param {MessageFrame} message */
  #place(message) {
    const element = bubble(message, this.#press);
    element.dataset.id = String(message.id);
    this.#elements.set(message.id, element);
    const others = all(".bubble", HTMLElement, this.#root);
    const after = others.find((other) => !other.dataset.id || Number(other.dataset.id) > message.id);
    this.#root.insertBefore(element, after ?? null);
    this.#mark(element, new Date(message.created_at));
  }

  /**
   * Put the day above the first message of a day.
   * @param {HTMLElement} element
   * @param {Date} at
   */
  #mark(element, at) {
    const before = element.previousElementSibling;
    const earlier = before instanceof HTMLElement ? this.#messages.get(Number(before.dataset.id)) : undefined;
    if (before && (!earlier || sameDay(new Date(earlier.created_at), at))) return;
    this.#root.insertBefore(dayMark(at), element);
  }

  /** Choices stay until the applicant has said something after them; the bot's only while the bot holds it. */
  #settle() {
    const own = [...this.#messages.values()].filter((message) => message.sender === "applicant");
    const answered = this.#waiting.size > 0 ? Infinity : Math.max(0, ...own.map((message) => message.id));
    for (const [id, { sender }] of this.#messages) {
      const past = id < answered || (sender === "bot" && this.#holder !== "bot");
      for (const button of all(".buttons button", HTMLElement, this.#elements.get(id))) button.hidden = past;
    }
  }
}

/**
 * Say how far a message of the applicant has come.
 * @param {HTMLElement} element
 * @param {string} sentence
 */
function say(element, sentence) {
  $(".delivery", HTMLElement, element).textContent = sentence;
}
