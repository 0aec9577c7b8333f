// A bar for every run of the golden questions: what was right below, what was not on top, hatched.

const NS = "http://www.w3.org/2000/svg";
const HIGH = 160, FOOT = 22, LEFT = 34, STEP = 26;

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The chart of `runs` ({passed, failed, label}, the oldest first) as an SVG element named `title`. */
export function drawRuns(runs, title) {
  const most = Math.max(1, ...runs.map((run) => run.passed + run.failed));
  const wide = LEFT + Math.max(runs.length, 8) * STEP + 10;
  const y = (count) => HIGH - (count / most) * (HIGH - 14);
  const chart = svg("svg", { viewBox: `0 0 ${wide} ${HIGH + FOOT}`, class: "chart", role: "img", "aria-label": title });
  const stripes = svg("pattern", { id: "stripes", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { width: 6, height: 6, class: "failed" }), svg("rect", { width: 2, height: 6, fill: "var(--surface)" }));
  chart.append(svg("title", {}, title), svg("defs", {}, stripes), svg("line", { x1: LEFT, x2: wide, y1: HIGH, y2: HIGH }));
  for (const count of new Set([0, most])) chart.append(svg("text", { x: LEFT - 6, y: y(count) + 4, "text-anchor": "end" }, String(count)));
  runs.forEach((run, place) => {
    const x = LEFT + 6 + place * STEP;
    const bar = svg("g", {}, svg("title", {}, run.label),
      svg("rect", { x, y: y(run.passed), width: STEP - 8, height: HIGH - y(run.passed), class: "passed" }),
      svg("rect", { x, y: y(run.passed + run.failed), width: STEP - 8, height: y(run.passed) - y(run.passed + run.failed), fill: "url(#stripes)" }));
    if (run.failed) bar.append(svg("text", { x: x + (STEP - 8) / 2, y: HIGH + 15, "text-anchor": "middle" }, `−${run.failed}`));
    chart.append(bar);
  });
  return chart;
}
