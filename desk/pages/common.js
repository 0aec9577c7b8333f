// What every page of the desk uses: sentences, elements, requests, the live socket, notices, preferences.

const texts = JSON.parse(document.getElementById("texts").textContent);
const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
export const english = document.documentElement.lang === "en";

/** The sentence under `key`, its {names} filled from `values`. */
export function t(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const $ = (selector, root = document) => root.querySelector(selector);

/** An element; text goes in as text, never as markup. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A request that was refused; `code` is the server's word for why, `message` the sentence to show. */
export class Problem extends Error {
  constructor(code, message, status) {
    super(message);
    Object.assign(this, { code, status });
  }
}

/** Ask the server for JSON; raises Problem. */
export async function api(path, body, method = body === undefined ? "GET" : "POST") {
  const options = { method, headers: { "X-CSRF-Token": csrf, Accept: "application/json" }, credentials: "same-origin" };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Problem("network", t("network"), 0);
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  if (response.status === 401) signedOut();
  throw problem(answer, response.status);
}

/** The Problem in a refusal's JSON, its sentence in the reader's language. */
export function problem(answer, status) {
  const known = texts[answer.error];
  return new Problem(answer.error ?? "problem", (english ? known : answer.message ?? known) ?? t("problem"), status);
}

export const csrfToken = csrf;

function signedOut() {
  const here = encodeURIComponent(location.pathname);
  location.assign(`/desk/sign-in?next=${here}`);
}

/** Show a sentence for some seconds; screen readers read it out. */
export function notify(text, kind = "plain") {
  const notice = el("p", { class: `notice ${kind}` }, text);
  $("#notices").append(notice);
  setTimeout(() => notice.remove(), kind === "bad" ? 9000 : 5000);
}

/** Run `work`; a refusal is shown as a notice. Returns whether it went well. */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    notify(error.message || t("problem"), "bad");
    return false;
  }
}

/** A random identifier; crypto.randomUUID exists on secure pages only. */
export function identifier() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Open a dialog; resolves with its form's data, or null when it was closed without submitting. */
export function ask(dialog) {
  const form = $("form", dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    const stop = new AbortController();
    const done = (value) => {
      stop.abort();
      if (dialog.open) dialog.close();
      resolve(value);
    };
    const on = { signal: stop.signal };
    form.addEventListener("submit", (event) => { event.preventDefault(); done(new FormData(form)); }, on);
    dialog.addEventListener("close", () => done(null), on);
    for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => done(null), on);
  });
}

/** Keep a socket open for hints: `onHint(topic)` for each, `onOpen()` after every (re)connection. */
export function live({ onHint, onOpen }) {
  const badge = $("#link");
  $("main")?.removeAttribute("inert"); // whoever calls this is ready to be used
  let socket, delay, watched;
  const state = (name) => { badge.dataset.state = name; badge.textContent = t(name); };
  const connect = () => {
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/desk/live`);
    socket.onopen = () => {
      delay = 500;
      state("online");
      if (watched) socket.send(JSON.stringify({ watch: watched }));
      onOpen();
    };
    socket.onmessage = (event) => onHint(JSON.parse(event.data).topic);
    socket.onclose = (event) => {
      if (event.code === 4401) return signedOut();
      state("offline");
      delay = Math.min((delay ?? 500) * 1.7, 15000);
      setTimeout(connect, delay * (0.7 + Math.random() * 0.6));
    };
  };
  connect();
  return {
    watch(conversation) {
      watched = conversation;
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ watch: conversation }));
    },
  };
}

const locale = english ? "en-GB" : "zh-CN";
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
const dayAndClock = new Intl.DateTimeFormat(locale, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });

/** A moment as a person reads it: the clock for today, the day as well otherwise. */
export function moment(iso) {
  const at = new Date(iso);
  return at.toDateString() === new Date().toDateString() ? clock.format(at) : dayAndClock.format(at);
}

/** How long somebody has waited since `iso`, as a sentence. */
export function waiting(iso, now = Date.now()) {
  const minutes = Math.max(0, Math.floor((now - new Date(iso).getTime()) / 60000));
  if (minutes < 1) return t("just_now");
  return minutes < 90 ? t("minutes", { n: minutes }) : t("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

for (const button of document.querySelectorAll("[data-toggle]")) {
  button.addEventListener("click", () => {
    if (button.dataset.toggle === "lang") {
      remember("lang", button.dataset.lang);
      location.reload();
      return;
    }
    const large = document.documentElement.dataset.type !== "large";
    document.documentElement.dataset.type = large ? "large" : "normal";
    button.setAttribute("aria-pressed", String(large));
    remember("type", large ? "large" : "normal");
  });
}
