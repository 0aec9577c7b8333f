// The administrator's page: put files in, see what is there, try a question, manage accounts.

import { $, api, ask, attempt, el, live, moment, notify, t } from "/desk/assets/common.js";
import { drawCitations } from "/desk/assets/messages.js";
import { putIn } from "/desk/assets/uploads.js";

const settings = JSON.parse($("#settings").textContent);
const PAGE = 50;
let documents = [];
let shown = PAGE;

// ---- documents

async function refresh() {
  const answer = await api("/admin/documents");
  documents = answer.documents;
  drawDocuments();
  drawFailures(answer.failures);
}
const look = () => refresh().catch((error) => error.code !== "network" && notify(error.message, "bad"));

function drawDocuments() {
  const wanted = $("#filter").value.trim().toLowerCase();
  const found = documents.filter((each) => !wanted || `${each.title} ${each.document_number} ${each.file}`.toLowerCase().includes(wanted));
  $("#documents-count").textContent = documents.length;
  $("#documents-empty").hidden = documents.length > 0;
  $("#more").hidden = found.length <= shown;
  $("#documents").replaceChildren(...found.slice(0, shown).map(drawDocument));
}

function drawDocument(each) {
  const dates = [each.effective_on ?? t("no_date"), each.expires_on ? t("until", { day: each.expires_on }) : "", each.repealed_on ? t("repealed_from", { day: each.repealed_on }) : ""];
  return el("tr", {},
    el("td", { class: "title" }, el("div", {}, each.title), el("div", { class: "file" }, [each.document_number, each.file].filter(Boolean).join(" · "))),
    el("td", {}, el("span", { class: `chip ${each.standing}` }, t(`standing_${each.standing}`))),
    el("td", { class: "when" }, dates.filter(Boolean).map((line) => el("div", {}, line))),
    el("td", { class: "number" }, String(each.clauses)),
    el("td", { class: "when" }, el("time", { dateTime: each.updated_at }, moment(each.updated_at))),
    el("td", {}, el("button", { type: "button", class: "danger", onclick: () => removeDocument(each) }, t("remove"))));
}

async function removeDocument(each) {
  $("#remove-what").textContent = each.title;
  if (!await ask($("#remove-dialog"))) return;
  if (await attempt(() => api(`/admin/documents/${each.id}/remove`, {}))) notify(t("removed"), "good");
  look();
}

function drawFailures(failures) {
  $("#failures-panel").hidden = failures.length === 0;
  $("#failures-count").textContent = failures.length;
  $("#failures").replaceChildren(...failures.slice(0, 200).map((each) => el("li", {}, el("strong", {}, each.file), el("p", { class: "muted" }, each.reason))));
}

$("#filter").addEventListener("input", () => { shown = PAGE; drawDocuments(); });
$("#more").addEventListener("click", () => { shown += PAGE; drawDocuments(); });

// ---- putting files in

const drop = $("#drop");
const picker = $("#files");
let batch = Promise.resolve();

function take(files) {
  if (!files.length) return;
  batch = batch.then(async () => {
    const report = await putIn(files, { list: $("#uploads"), limit: settings.limit, onStage: say });
    if (report) showReport(report);
    else $("#report").hidden = true;
    await look();
  });
}

function say(sentence) {
  $("#report").hidden = false;
  $("#report").textContent = sentence;
}

function showReport(report) {
  say(t("report_line", {
    added: report.added.length, changed: report.changed.length, unchanged: report.unchanged.length,
    failed: report.failed.length, clauses: report.clauses, seconds: report.seconds.toFixed(1),
  }));
}

picker.addEventListener("change", () => { take([...picker.files]); picker.value = ""; });
$("#choose").addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); picker.click(); }
});
for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault()); // never leave the page
drop.addEventListener("drop", (event) => take([...event.dataTransfer.files]));

// ---- trying a question

$("#ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = $("#found");
  found.hidden = false;
  found.replaceChildren(el("p", { class: "muted" }, t("asking")));
  try {
    found.replaceChildren(...drawOutcome(await api("/admin/ask", { question: $("#question").value })));
  } catch (error) {
    found.replaceChildren(el("p", { class: "problem" }, error.message));
  }
});

function drawOutcome(outcome) {
  return [
    el("p", {}, el("strong", {}, t(`kind_${outcome.kind}`)), " ", el("span", { class: "muted small" }, t("confidence", { p: Math.round(outcome.confidence * 100) }))),
    el("p", { class: "answer" }, outcome.text),
    outcome.citations.length ? drawCitations(outcome.citations, true) : "",
    outcome.passages.length ? el("details", { class: "citations" }, el("summary", {}, t("passages")),
      ...outcome.passages.map((each) => el("div", { class: "citation" }, el("p", { class: "citation-title" }, each.heading, " ", el("span", { class: "muted small score" }, t("score", { s: each.score.toFixed(3) }))),
        el("blockquote", {}, each.text)))) : "",
  ];
}

// ---- accounts

async function refreshAccounts() {
  const { accounts } = await api("/admin/accounts");
  $("#accounts").replaceChildren(...accounts.map(drawAccount));
}

function drawAccount(each) {
  const state = each.disabled ? ["off", "account_off"] : each.must_change_password ? ["new", "account_new"] : ["on", "account_on"];
  return el("tr", {},
    el("td", {}, each.name), el("td", {}, each.display_name), el("td", {}, t(`role_${each.role}`)),
    el("td", {}, el("span", { class: `chip ${state[0]}` }, t(state[1]))),
    el("td", {}, each.disabled || each.id === settings.account ? "" : el("button", { type: "button", class: "danger", onclick: () => disable(each) }, t("disable"))));
}

async function disable(each) {
  $("#disable-what").textContent = `${each.display_name}（${each.name}）`;
  if (!await ask($("#disable-dialog"))) return;
  if (await attempt(() => api(`/admin/accounts/${each.id}/disable`, {}))) notify(t("disabled"), "good");
  attempt(refreshAccounts);
}

$("#create-account").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  let made;
  if (!await attempt(async () => { made = await api("/admin/accounts", Object.fromEntries(new FormData(form))); })) return;
  form.reset();
  $("#one-time-name").textContent = made.account.name;
  $("#one-time").textContent = made.password;
  await ask($("#password-dialog"));
  $("#one-time").textContent = "";
  attempt(refreshAccounts);
});

live({ onOpen: look, onHint: (topic) => topic === "documents" && look() });
setInterval(look, 60000);
attempt(refreshAccounts);
