// Golden questions: what must be answered and how, tried at will, and how it went each time.

import { $, api, attempt, el, live, moment, notify, t } from "/desk/assets/common.js";
import { drawRuns } from "/desk/assets/chart.js";

const SHOWN = 40; // runs in the chart
let results = new Map();

async function refresh() {
  const { questions, runs } = await api("/admin/golden");
  $("#golden-count").textContent = questions.length;
  $("#golden-empty").hidden = questions.length > 0;
  $("table.golden").hidden = questions.length === 0;
  $("#run").hidden = questions.length === 0;
  $("#golden").replaceChildren(...questions.map((each) => drawQuestion(each, runs[0])));
  drawHistory(runs);
}

function drawQuestion(each, last) {
  return el("tr", {},
    el("td", {}, each.question, each.as_of ? el("div", { class: "muted small" }, t("as_of_day", { day: each.as_of })) : ""),
    el("td", {}, expected(each.expected)),
    el("td", {}, ...result(each, last), drawWent(each)),
    el("td", {}, el("button", { type: "button", class: "danger", "aria-label": `${t("golden_delete")} ${each.question}`, onclick: () => remove(each) }, t("golden_delete"))));
}

function expected({ document, clause, words, refused }) {
  if (refused) return t("golden_refused");
  return [document ? `《${document}》${clause}` : "", ...words.map((word) => `“${word}”`)].filter(Boolean).join(" ");
}

/** How it went in the last run, as far as that is known: a run keeps only what was wrong. */
function result(each, last) {
  const tried = results.get(each.id);
  const wrong = tried ?? last?.failures.find((failure) => failure.id === each.id);
  if (wrong?.problem) return [el("span", { class: "bad" }, `✗ ${t("golden_bad")}`), el("div", { class: "small" }, wrong.problem)];
  return last && each.created_at < last.at ? [el("span", { class: "good" }, `✓ ${t("golden_good")}`)] : ["—"];
}

/** How the question went in the last runs that asked it, the newest last. */
function drawWent({ went }) {
  if (went.length < 2) return "";
  const told = t("golden_went", { right: went.filter(Boolean).length, of: went.length });
  return el("div", { class: "went", role: "img", "aria-label": told, title: told }, went.map((right) => el("span", { class: right ? "good" : "bad" }, right ? "✓" : "✗")));
}

function drawTable(runs) {
  $("#runs-table").hidden = runs.length === 0;
  $("#runs-rows").replaceChildren(...runs.slice(0, SHOWN).map((run) => el("tr", {},
    el("td", {}, el("time", { dateTime: run.at }, moment(run.at))), el("td", { class: "number" }, share(run)), el("td", { class: "number" }, String(run.passed)), el("td", { class: "number" }, String(run.failed)),
    el("td", {}, run.by, run.version ? el("div", { class: "muted small" }, t("golden_before_publishing")) : ""))));
}

const share = ({ passed, failed }) => (passed + failed ? `${Math.round((100 * passed) / (passed + failed))}%` : "—");

function drawHistory(runs) {
  drawTable(runs);
  const sum = (run) => t("golden_sum", { passed: run.passed, failed: run.failed, at: moment(run.at) });
  $("#sum").hidden = runs.length === 0;
  if (runs.length) $("#sum").textContent = sum(runs[0]);
  const bars = runs.slice(0, SHOWN).reverse().map((run) => ({ ...run, label: sum(run) }));
  $("#runs").replaceChildren(...(bars.length ? [drawRuns(bars, t("golden_chart")), el("figcaption", { class: "muted small" }, t("golden_chart"))] : [el("p", { class: "muted" }, t("golden_never"))]));
}

async function remove(each) {
  if (await attempt(() => api(`/admin/golden/${each.id}/remove`, {}))) notify(t("golden_removed"), "good");
  attempt(refresh);
}

$("#add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  const asked = {
    question: given.question, document: given.document.replace(/[《》]/g, "").trim(), clause: given.clause.trim(),
    words: given.words.split(/[、;；]+/).map((word) => word.trim()).filter(Boolean), refused: given.refused === "on", as_of: given.as_of || null,
  };
  if (!await attempt(() => api("/admin/golden", asked))) return;
  notify(t("golden_added"), "good");
  event.target.reset();
  attempt(refresh);
});

$("#run").addEventListener("click", async () => {
  const button = $("#run");
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  await attempt(async () => {
    const run = await api("/admin/golden/run", {});
    results = new Map(run.results.map((each) => [each.question_id, each]));
  });
  button.disabled = false;
  button.removeAttribute("aria-busy");
  attempt(refresh);
});

/** Fill the form in from a message of a conversation that the address names. */
async function propose(message) {
  const form = $("#add");
  const proposed = await api(`/admin/golden/of/${encodeURIComponent(message)}`);
  for (const name of ["question", "document", "clause"]) form.elements[name].value = proposed[name];
  form.elements.refused.checked = proposed.refused;
  $("#proposed").hidden = false;
  $("#proposed").textContent = t(proposed.follows ? "golden_proposed_follows" : "golden_proposed");
  form.elements.question.focus();
}

const from = new URLSearchParams(location.search).get("message");
live({ onOpen: () => attempt(refresh), onHint: () => {} });
if (from) attempt(() => propose(from));
