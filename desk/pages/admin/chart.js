// A bar for every run of the golden questions: what was right below, what was not on top, hatched.

/** @typedef {{ passed: number, failed: number, label: string }} Bar */

const NS = "http://www.w3.org/2000/svg";
const HIGH = 160;
const FOOT = 22;
const LEFT = 34;
const STEP = 26;
const WIDE = STEP - 8; // of a bar

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * The chart of these runs, the oldest first.
 * @param {Bar[]} runs
 * @param {string} title
 */
export function drawRuns(runs, title) {
  const most = Math.max(1, ...runs.map((run) => run.passed + run.failed));
  const wide = LEFT + Math.max(runs.length, 8) * STEP + 10;
  /** @param {number} count */
  const y = (count) => HIGH - (count / most) * (HIGH - 14);
  const viewBox = `0 0 ${wide} ${HIGH + FOOT}`;
  const axis = svg("line", { x1: LEFT, x2: wide, y1: HIGH, y2: HIGH });
  return svg(
    "svg",
    { viewBox, class: "chart", role: "img", "aria-label": title },
    svg("title", {}, title),
    svg("defs", {}, stripes()),
    axis,
    ...[...new Set([0, most])].map((n) => svg("text", { x: LEFT - 6, y: y(n) + 4, "text-anchor": "end" }, String(n))),
    ...runs.map((run, place) => drawBar(run, LEFT + 6 + place * STEP, y)),
  );
}

function stripes() {
  const turned = { patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  const failed = svg("rect", { width: 6, height: 6, class: "failed" });
  const gap = svg("rect", { width: 2, height: 6, fill: "var(--surface)" });
  return svg("pattern", { id: "stripes", width: 6, height: 6, ...turned }, failed, gap);
}

/**
 * @param {Bar} bar
 * @param {number} x
 * @param {(count: number) => number} y
 */
function drawBar({ passed, failed, label }, x, y) {
  const top = y(passed + failed);
  const right = svg("rect", { x, y: y(passed), width: WIDE, height: HIGH - y(passed), class: "passed" });
  const wrong = svg("rect", { x, y: top, width: WIDE, height: y(passed) - top, fill: "url(#stripes)" });
  const bar = svg("g", {}, svg("title", {}, label), right, wrong);
  if (failed) bar.append(svg("text", { x: x + WIDE / 2, y: HIGH + 15, "text-anchor": "middle" }, `−${failed}`));
  return bar;
}
