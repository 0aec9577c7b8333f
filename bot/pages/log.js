// The conversation as shown: every message once, in the order of its id, those not yet accepted at the end.

import { bubble, dayMark } from "./bubbles.js";
import { words } from "./words.js";

/** Keeps the elements in `root`; `press(button)` is called when a choice under a message is pressed. */
export class Log {
  last = 0; // the highest id the server has told us of
  #root;
  #press;
  #messages = new Map(); // id -> message
  #waiting = new Map(); // client_message_id -> {id, text, label}, in the order written
  #elements = new Map(); // id or client_message_id -> element
  #holder = "bot";

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

  /** Show a message of the server; false where it was shown before. */
  add(message) {
    this.last = Math.max(this.last, message.id);
    if (this.#messages.has(message.id)) return false;
    this.#messages.set(message.id, message);
    this.#forget(message.client_message_id);
    this.#place(message.id, this.#draw(message));
    this.#settle();
    return true;
  }

  /** Show what the applicant has just written, before the server has it. */
  wait(item) {
    if (this.#waiting.has(item.id)) return;
    this.#waiting.set(item.id, item);
    const element = this.#draw({ sender: "applicant", text: item.text, body: { label: item.label }, created_at: new Date().toISOString() });
    element.dataset.waiting = "";
    this.#elements.set(item.id, element);
    this.#root.append(element);
    this.#settle();
  }

  /** The server has it: it waits only for its place among the others. */
  accept(clientMessageId) {
    const element = this.#elements.get(clientMessageId);
    if (!element || !this.#waiting.has(clientMessageId)) return;
    delete element.dataset.waiting;
    element.querySelector(".delivery").textContent = "";
  }

  /** Show that a message stays unsent, and why. */
  refuse(clientMessageId, sentence) {
    const element = this.#elements.get(clientMessageId);
    this.#waiting.delete(clientMessageId);
    if (!element) return;
    delete element.dataset.waiting;
    element.dataset.refused = "";
    element.querySelector(".delivery").textContent = `${words().refused}：${sentence}`;
    this.#settle();
  }

  /** Say under each waiting message whether it is on its way. */
  note(sentence) {
    for (const id of this.#waiting.keys()) {
      const element = this.#elements.get(id);
      if ("waiting" in element.dataset) element.querySelector(".delivery").textContent = sentence;
    }
  }

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

  #forget(clientMessageId) {
    this.#elements.get(clientMessageId)?.remove();
    this.#elements.delete(clientMessageId);
    this.#waiting.delete(clientMessageId);
  }

  #draw(message) {
    return bubble(message, this.#press);
  }

  #place(id, element) {
    element.dataset.id = id;
    this.#elements.set(id, element);
    const after = [...this.#root.querySelectorAll(".bubble")].find((other) => !other.dataset.id || Number(other.dataset.id) > id);
    this.#root.insertBefore(element, after ?? null);
    this.#mark(element, this.#messages.get(id));
  }

  #mark(element, message) {
    const at = new Date(message.created_at);
    const before = element.previousElementSibling;
    const earlier = before && this.#messages.get(Number(before.dataset.id));
    if (before && (!earlier || new Date(earlier.created_at).toDateString() === at.toDateString())) return;
    this.#root.insertBefore(dayMark(at), element);
  }

  /** Choices stay until the applicant has said something after them; the bot's only while the bot holds the conversation. */
  #settle() {
    const own = [...this.#messages.values()].filter((message) => message.sender === "applicant").map((message) => message.id);
    const answered = this.#waiting.size > 0 ? Infinity : Math.max(0, ...own);
    for (const [id, message] of this.#messages) {
      const past = id < answered || (message.sender === "bot" && this.#holder !== "bot");
      for (const button of this.#elements.get(id).querySelectorAll(".buttons button")) button.hidden = past;
    }
  }
}
