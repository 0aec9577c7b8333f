// The helpdesk as a button and a panel on another site's page:
//   <script src="https://help.example.org/widget.js" data-label="办事咨询" data-side="right" async></script>
// The site's origin has to be among the helpdesk's allowed ones (LAOFASHI_EMBED_ORIGINS). Its page sees only the frame.
(function () {
  "use strict";
  const script = document.currentScript;
  if (!script || document.querySelector("laofashi-widget")) return;
  const desk = new URL(script.src).origin;
  const label = script.dataset.label || "办事咨询";
  const side = script.dataset.side === "left" ? "left" : "right";

  const STYLE = `
    :host { all: initial; position: fixed; bottom: 16px; ${side}: 16px; z-index: 2147483000; font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
    button { all: unset; box-sizing: border-box; cursor: pointer; }
    button:focus-visible { outline: 3px solid #17617a; outline-offset: 3px; }
    .opener { min-height: 52px; padding: 0 22px; display: inline-flex; align-items: center; gap: 8px; background: #17617a; color: #fff; border-radius: 26px; box-shadow: 0 3px 12px rgb(0 0 0 / 28%); font-weight: 600; }
    .count { min-width: 22px; padding: 0 6px; border-radius: 11px; background: #fff; color: #17617a; text-align: center; font-size: 14px; }
    .panel { position: fixed; bottom: 84px; ${side}: 16px; width: 400px; height: min(640px, calc(100vh - 108px)); display: flex; flex-direction: column; background: #fff; border: 1px solid #d9d6cd; border-radius: 14px; overflow: hidden; box-shadow: 0 8px 32px rgb(0 0 0 / 28%); }
    iframe { flex: 1; width: 100%; border: 0; }
    [hidden] { display: none !important; }
    .bar { display: none; flex: none; align-items: center; justify-content: flex-end; min-height: 44px; background: #17617a; }
    .bar button { min-width: 44px; min-height: 44px; padding: 0 16px; color: #fff; }
    .bar button:focus-visible { outline-color: #fff; outline-offset: -4px; }
    @media (max-width: 520px) {
      .panel { inset: 0; width: 100%; height: 100%; height: 100dvh; border: 0; border-radius: 0; }
      .bar { display: flex; }
    }
  `;

  function make(tag, properties, children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...(children || []));
    return element;
  }

  const host = document.createElement("laofashi-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // a constructed sheet needs no "unsafe-inline" in the site's own policy
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  const count = make("span", { className: "count", hidden: true });
  const opener = make("button", { type: "button", className: "opener" }, [make("span", { textContent: label }), count]);
  const closer = make("button", { type: "button", textContent: "关闭 ✕" });
  const panel = make("div", { className: "panel", hidden: true }, [make("div", { className: "bar" }, [closer])]);
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", label);
  opener.setAttribute("aria-expanded", "false");
  root.append(opener, panel);
  let frame = null;

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
    if (frame && frame.contentWindow) frame.contentWindow.postMessage({ laofashi: "open", open: !panel.hidden }, desk);
  }

  opener.addEventListener("click", () => open(panel.hidden));
  closer.addEventListener("click", () => open(false));
  root.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && open(false));
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
