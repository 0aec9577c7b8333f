// Golden questions: what must be answered and how, tried at will, and how it went each time.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { attempt, notify } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";
import { drawRuns } from "./chart.js";

/** @import { Expected, GoldenQuestion, ProposedQuestion, Run, RunResult } from "../types" */

const SHOWN = 40; // runs in the chart
const form = $("#add", HTMLFormElement);
/** @type {Map<string, RunResult>} how each question went when they were tried on this page */
let results = new Map();

async function refresh() {
  /** @type {{ questions: GoldenQuestion[], runs: Run[] }} */
  const { questions, runs } = await api("/admin/golden/list");
  $("#golden-count").textContent = String(questions.length);
  $("#golden-empty").hidden = questions.length > 0;
  $("table.golden").hidden = questions.length === 0;
  $("#run").hidden = questions.length === 0;
  $("#golden").replaceChildren(...questions.map((each) => drawQuestion(each, runs[0])));
  drawHistory(runs);
}

/**
 * @param {GoldenQuestion} golden
 * @param {Run | undefined} last
 */
function drawQuestion(golden, last) {
  const { question, as_of: day } = golden;
  const label = `${t("golden_delete")} ${question}`;
  const onclick = () => remove(golden);
  return el(
    "tr",
    {},
    el("td", {}, question, day && el("div", { class: "muted small" }, t("as_of_day", { day }))),
    el("td", {}, expected(golden.expected)),
    el("td", {}, result(golden, last), drawWent(golden)),
    el("td", {}, el("button", { type: "button", class: "danger", "aria-label": label, onclick }, t("golden_delete"))),
  );
}

/** @param {Expected} wanted */
function expected({ document, clause, words, refused }) {
  if (refused) return t("golden_refused");
  const place = document ? `《${document}》${clause}` : "";
  return [place, ...words.map((word) => `“${word}”`)].filter(Boolean).join(" ");
}

/**
 * How it went in the last run, as far as that is known: a run keeps only what was wrong.
 * @param {GoldenQuestion} golden
 * @param {Run | undefined} last
 */
function result({ id, created_at: made }, last) {
  const wrong = results.get(id) ?? last?.failures.find((failure) => failure.id === id);
  if (wrong?.problem) {
    return [el("span", { class: "bad" }, `✗ ${t("golden_bad")}`), el("div", { class: "small" }, wrong.problem)];
  }
  return last && made < last.at ? [el("span", { class: "good" }, `✓ ${t("golden_good")}`)] : ["—"];
}

/** How the question went in the last runs that asked it, the newest last. @param {GoldenQuestion} golden */
function drawWent({ went }) {
  if (went.length < 2) return "";
  const told = t("golden_went", { right: went.filter(Boolean).length, of: went.length });
  const marks = went.map((right) => el("span", { class: right ? "good" : "bad" }, right ? "✓" : "✗"));
  return el("div", { class: "went", role: "img", "aria-label": told, title: told }, marks);
}

/** @param {Run[]} runs */
function drawHistory(runs) {
  const bars = runs.slice(0, SHOWN).map((run) => ({ ...run, label: sum(run) }));
  const title = t("golden_chart");
  $("#runs-table").hidden = runs.length === 0;
  $("#runs-rows").replaceChildren(...runs.slice(0, SHOWN).map(drawRun));
  $("#sum").hidden = runs.length === 0;
  $("#sum").textContent = bars[0]?.label ?? "";
  $("#runs").replaceChildren(
    ...(bars.length
      ? [drawRuns(bars.reverse(), title), el("figcaption", { class: "muted small" }, title)]
      : [el("p", { class: "muted" }, t("golden_never"))]),
  );
}

/** @param {Run} run */
function sum({ passed, failed, at }) {
  return t("golden_sum", { passed, failed, at: moment(at) });
}

/** @param {Run} run */
function drawRun(run) {
  const { at, passed, failed, by, version } = run;
  return el(
    "tr",
    {},
    el("td", {}, el("time", { dateTime: at }, moment(at))),
    el("td", { class: "number" }, share(run)),
    el("td", { class: "number" }, String(passed)),
    el("td", { class: "number" }, String(failed)),
    el("td", {}, by, version && el("div", { class: "muted small" }, t("golden_before_publishing"))),
  );
}

/** @param {Run} run */
function share({ passed, failed }) {
  return passed + failed ? `${Math.round((100 * passed) / (passed + failed))}%` : "—";
}

/** @param {GoldenQuestion} golden */
async function remove({ id }) {
  if (await attempt(() => api(`/admin/golden/${id}/remove`, {}))) notify(t("golden_removed"), "good");
  attempt(refresh);
}

/** The question in the form. */
function given() {
  const data = new FormData(form);
  /** @param {string} name */
  const text = (name) => String(data.get(name));
  return {
    question: text("question"),
    document: text("document")
      .replace(/[《》]/g, "")
      .trim(),
    clause: text("clause").trim(),
    words: text("words")
      .split(/[、;；]+/)
      .map((word) => word.trim())
      .filter(Boolean),
    refused: data.get("refused") === "on",
    as_of: text("as_of") || null,
  };
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!(await attempt(() => api("/admin/golden", given())))) return;
  notify(t("golden_added"), "good");
  form.reset();
  attempt(refresh);
});

/** Ask them all now. */
async function run() {
  /** @type {Run & { results: RunResult[] }} */
  const done = await api("/admin/golden/run", {});
  results = new Map(done.results.map((each) => [each.question_id, each]));
}

$("#run").addEventListener("click", async () => {
  const button = $("#run", HTMLButtonElement);
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  await attempt(run);
  button.disabled = false;
  button.removeAttribute("aria-busy");
  attempt(refresh);
});

/** Fill the form in from a message of a conversation. @param {string} message its id */
async function propose(message) {
  /** @type {ProposedQuestion} */
  const proposed = await api(`/admin/golden/of/${encodeURIComponent(message)}`);
  /** @param {string} name */
  const field = (name) => $(`[name="${name}"]`, HTMLInputElement, form);
  field("question").value = proposed.question;
  field("document").value = proposed.document;
  field("clause").value = proposed.clause;
  field("refused").checked = proposed.refused;
  $("#proposed").hidden = false;
  $("#proposed").textContent = t(proposed.follows ? "golden_proposed_follows" : "golden_proposed");
  field("question").focus();
}

const from = new URLSearchParams(location.search).get("message");
live({ onOpen: () => attempt(refresh) });
if (from) attempt(() => propose(from));
