// The helpdesk as a button and a panel on another site's page:
//   <script src="https://help.example.org/widget.js" data-label="办事咨询" data-side="right" async></script>
// The site's origin has to be among the helpdesk's allowed ones (LAOFASHI_EMBED_ORIGINS). Its page sees only the frame.
(function () {
  "use strict";
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || document.querySelector("laofashi-widget")) return;
  const desk = new URL(script.src).origin;
  const label = script.dataset.label || "办事咨询";
  const side = script.dataset.side === "left" ? "left" : "right";

  // One file for other sites, which may neither import nor link: it repeats the colours of shared/palette.css.
  const STYLE = `
    :host {
      --accent: #17617a; --accent-ink: #fff; --surface: #fff; --line: #d9dfe2;
      --shadow: 0 1px 2px rgb(20 40 50 / 8%), 0 8px 28px rgb(20 40 50 / 14%);
      all: initial; position: fixed; bottom: 16px; ${side}: 16px; z-index: 2147483000;
      font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
    }
    button { all: unset; box-sizing: border-box; cursor: pointer; }
    button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
    .opener {
      min-height: 52px; padding: 0 22px; display: inline-flex; align-items: center; gap: 8px; font-weight: 600;
      background: var(--accent); color: var(--accent-ink); border-radius: 26px; box-shadow: var(--shadow);
    }
    .count {
      min-width: 22px; padding: 0 6px; border-radius: 11px; text-align: center; font-size: 14px;
      background: var(--surface); color: var(--accent);
    }
    .panel {
      position: fixed; bottom: 84px; ${side}: 16px; width: 400px; height: min(640px, calc(100vh - 108px));
      display: flex; flex-direction: column; overflow: hidden; border-radius: 14px;
      background: var(--surface); border: 1px solid var(--line); box-shadow: var(--shadow);
    }
    iframe { flex: 1; width: 100%; border: 0; }
    [hidden] { display: none !important; }
    .bar {
      display: none; flex: none; align-items: center; justify-content: flex-end; min-height: 44px;
      background: var(--accent);
    }
    .bar button { min-width: 44px; min-height: 44px; padding: 0 16px; color: var(--accent-ink); }
    .bar button:focus-visible { outline-color: var(--accent-ink); outline-offset: -4px; }
    @media (max-width: 520px) {
      .panel { inset: 0; width: 100%; height: 100%; height: 100dvh; border: 0; border-radius: 0; }
      .bar { display: flex; }
    }
  `;

  /**
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} tag
   * @param {Partial<HTMLElementTagNameMap[K]>} properties
   * @param {...Node} children
   */
  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  const host = document.createElement("laofashi-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // a constructed sheet needs no "unsafe-inline" in the site's own policy
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  const count = make("span", { className: "count", hidden: true });
  const opener = make("button", { type: "button", className: "opener" }, make("span", { textContent: label }), count);
  const closer = make("button", { type: "button", textContent: "关闭 ✕" });
  const panel = make("div", { className: "panel", hidden: true }, make("div", { className: "bar" }, closer));
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", label);
  opener.setAttribute("aria-expanded", "false");
  root.append(opener, panel);
  /** @type {HTMLIFrameElement | null} */
  let frame = null;

  /** @param {boolean} wanted */
  function open(wanted) {
    if (wanted && !frame) {
      frame = make("iframe", { src: `${desk}/chat/embed`, title: label });
      frame.addEventListener("load", tell);
      panel.append(frame);
    }
    panel.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
    tell();
    if (!wanted) opener.focus();
  }

  function tell() {
    frame?.contentWindow?.postMessage({ laofashi: "open", open: !panel.hidden }, desk);
  }

  opener.addEventListener("click", () => open(Boolean(panel.hidden)));
  closer.addEventListener("click", () => open(false));
  host.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && open(false));
  addEventListener("message", (event) => {
    if (event.origin !== desk || !frame || event.source !== frame.contentWindow || !event.data) return;
    if (event.data.laofashi === "close") open(false);
    if (event.data.laofashi !== "unread" || !Number.isInteger(event.data.count)) return;
    count.textContent = String(event.data.count);
    count.hidden = event.data.count < 1 || !panel.hidden;
  });

  function place() {
    document.body.append(host);
  }
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
