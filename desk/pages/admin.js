// The administrator's first page: files come in, versions wait to be looked at and published.

import { $, api, ask, attempt, el, live, moment, notify, t } from "/desk/assets/common.js";
import { announceExpiring } from "/desk/assets/expiring.js";
import { dropped, listed } from "/desk/assets/folders.js";
import { PutIn } from "/desk/assets/uploads.js";
import { about, ready, stateChip } from "/desk/assets/versions.js";

const settings = JSON.parse($("#settings").textContent);
const OPEN = ["held", "draft", "scheduled"];
const PAGE = 50;
const TOGETHER = 20; // versions published in one go
let shown = PAGE;
let versions = [];
let publishing = false;

// ---- what waits to be published

async function refreshDrafts() {
  if (publishing) return; // the list is drawn once, when all of them are done
  const answer = await api(`/admin/versions?${OPEN.map((state) => `state=${state}`).join("&")}`);
  versions = answer.versions;
  drawDrafts();
}

function drawDrafts() {
  const publishable = versions.filter(ready);
  $("#drafts-count").textContent = versions.length;
  $("#drafts-empty").hidden = versions.length > 0;
  $("#drafts-hint").hidden = versions.length === 0;
  $("#publish-all").hidden = publishable.length < 2 && !publishing;
  if (!publishing) $("#publish-all").textContent = t("publish_all", { n: publishable.length });
  $("#more").hidden = versions.length <= shown;
  $("#drafts").replaceChildren(...versions.slice(0, shown).map(drawDraft));
}

function drawDraft(version) {
  return el("li", { class: `version ${version.state}` },
    el("div", { class: "draft-head" }, el("a", { href: `/admin/review/${version.id}` }, version.title || version.file), stateChip(version)),
    el("p", { class: "muted small" }, [version.file, t("clauses_n", { n: version.clause_count }), moment(version.created_at)].join(" · ")),
    ...about(version));
}

$("#more").addEventListener("click", () => { shown += PAGE; drawDrafts(); });
$("#publish-all").addEventListener("click", async () => {
  const publishable = versions.filter(ready);
  $("#publish-all-what").textContent = t("publish_all_what", { n: publishable.length, titles: publishable.slice(0, 5).map((each) => `《${each.title}》`).join("") });
  if (!await ask($("#publish-all-dialog"))) return;
  await publishAll(publishable.map((each) => each.id));
});

/** Publish these some at a time, saying how far it has come; what cannot be published stops it, and is told. */
async function publishAll(ids) {
  const button = $("#publish-all");
  publishing = true;
  button.disabled = true;
  const done = [];
  for (let from = 0; from < ids.length; from += TOGETHER) {
    button.textContent = t("publishing_n", { done: from, total: ids.length });
    const part = ids.slice(from, from + TOGETHER);
    if (!await attempt(async () => done.push(...(await api("/admin/versions/publish", { versions: part })).versions))) break;
  }
  const answering = done.filter((each) => each.state === "published").length;
  if (answering) notify(t("published_n", { n: answering }), "good");
  if (done.length > answering) notify(t("asked_n", { n: done.length - answering }), "good");
  button.disabled = false;
  publishing = false;
  look();
}

// ---- what came in before the service stopped

let unread = [];

async function refreshWaiting() {
  ({ files: unread } = await api("/admin/files"));
  if (putting.busy) unread = [];
  $("#waiting-panel").hidden = unread.length === 0;
  $("#waiting-count").textContent = unread.length;
  $("#waiting").replaceChildren(...unread.slice(0, PAGE).map((each) => el("li", {}, each.file, el("span", { class: "muted small" }, ` · ${moment(each.received_at)}`))));
}

$("#waiting-go").addEventListener("click", () => putting.read(unread.map((each) => each.file)));
$("#waiting-discard").addEventListener("click", async () => {
  if (!await ask($("#discard-dialog"))) return;
  await attempt(() => api("/admin/files/discard", { files: unread.map((each) => each.file) }));
  look();
});

// ---- putting files in

const putting = new PutIn({ list: $("#uploads"), limit: settings.limit, onStage: say, onBusy: busy });

function say(sentence, share = null) {
  $("#report").textContent = sentence;
  if (share === null) $("#run-progress").removeAttribute("value");
  else $("#run-progress").value = share;
}

function busy(working) {
  $("#run").hidden = false;
  $("#run-progress").hidden = !working;
  $("#cancel-run").hidden = !working;
  if (!working) look();
}

$("#cancel-run").addEventListener("click", () => putting.cancel());

const drop = $("#drop");
for (const [button, input] of [["#choose", "#files"], ["#choose-folder", "#folder"]]) {
  $(button).addEventListener("click", () => $(input).click());
  $(input).addEventListener("change", () => { putting.take(listed($(input).files)); $(input).value = ""; });
}
for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault()); // never leave the page
drop.addEventListener("drop", async (event) => putting.take(await dropped(event.dataTransfer)));
addEventListener("beforeunload", (event) => putting.sending && event.preventDefault());

// ---- together

function look() {
  for (const work of [refreshDrafts, refreshWaiting, announceExpiring]) {
    work().catch((error) => error.code !== "network" && notify(error.message, "bad"));
  }
}

live({ onOpen: look, onHint: (topic) => topic === "documents" && look() });
setInterval(look, 60000);
