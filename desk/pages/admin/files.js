// The administrator's first page: files come in, versions wait to be looked at and published.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { ask, attempt, look, notify } from "../shared/notices.js";
import { settings } from "../shared/settings.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";
import { announceExpiring } from "./expiring.js";
import { dropped, listed } from "./folders.js";
import { PutIn } from "./uploads.js";
import { about, ready, stateChip } from "./versions.js";

/** @import { ReceivedFile, Version } from "../types" */

/** @type {{ limit: { bytes: number, text: string } }} */
const { limit } = settings();
const OPEN = ["held", "draft", "scheduled"];
const PAGE = 50;
const TOGETHER = 20; // versions published in one go
let shown = PAGE;
/** @type {Version[]} */
let versions = [];
let publishing = false;

// ---- what waits to be published

async function refreshDrafts() {
  if (publishing) return; // the list is drawn once, when all of them are done
  /** @type {{ versions: Version[] }} */
  const answer = await api(`/admin/versions?${OPEN.map((state) => `state=${state}`).join("&")}`);
  versions = answer.versions;
  drawDrafts();
}

function drawDrafts() {
  const publishable = versions.filter(ready);
  $("#drafts-count").textContent = String(versions.length);
  $("#drafts-empty").hidden = versions.length > 0;
  $("#drafts-hint").hidden = versions.length === 0;
  $("#publish-all").hidden = publishable.length < 2 && !publishing;
  if (!publishing) $("#publish-all").textContent = t("publish_all", { n: publishable.length });
  $("#more").hidden = versions.length <= shown;
  $("#drafts").replaceChildren(...versions.slice(0, shown).map(drawDraft));
}

/** @param {Version} version */
function drawDraft(version) {
  const { id, state, title, file, clause_count: clauses, created_at: at } = version;
  return el(
    "li",
    { class: `version ${state}` },
    el("div", { class: "draft-head" }, el("a", { href: `/admin/review/${id}` }, title || file), stateChip(version)),
    el("p", { class: "muted small" }, [file, t("clauses_n", { n: clauses }), moment(at)].join(" · ")),
    about(version),
  );
}

$("#more").addEventListener("click", () => {
  shown += PAGE;
  drawDrafts();
});
$("#publish-all").addEventListener("click", async () => {
  const publishable = versions.filter(ready);
  const titles = publishable.slice(0, 5).map((each) => `《${each.title}》`);
  $("#publish-all-what").textContent = t("publish_all_what", { n: publishable.length, titles: titles.join("") });
  if (!(await ask("#publish-all-dialog"))) return;
  await publishAll(publishable.map((each) => each.id));
});

/**
 * Publish these some at a time, saying how far it has come; what cannot be published stops it, and is told.
 * @param {string[]} ids
 */
async function publishAll(ids) {
  const button = $("#publish-all", HTMLButtonElement);
  publishing = true;
  button.disabled = true;
  /** @type {Version[]} */
  const done = [];
  for (let from = 0; from < ids.length; from += TOGETHER) {
    button.textContent = t("publishing_n", { done: from, total: ids.length });
    if (!(await attempt(() => publish(ids.slice(from, from + TOGETHER), done)))) break;
  }
  const answering = done.filter((each) => each.state === "published").length;
  if (answering) notify(t("published_n", { n: answering }), "good");
  if (done.length > answering) notify(t("asked_n", { n: done.length - answering }), "good");
  button.disabled = false;
  publishing = false;
  refresh();
}

/**
 * @param {string[]} ids
 * @param {Version[]} done what is published, or waits for somebody else, is put there
 */
async function publish(ids, done) {
  /** @type {{ versions: Version[] }} */
  const answer = await api("/admin/versions/publish", { versions: ids });
  done.push(...answer.versions);
}

// ---- what came in before the service stopped

/** @type {ReceivedFile[]} */
let unread = [];

async function refreshWaiting() {
  /** @type {{ files: ReceivedFile[] }} */
  const { files } = await api("/admin/files/waiting");
  unread = putting.busy ? [] : files;
  $("#waiting-panel").hidden = unread.length === 0;
  $("#waiting-count").textContent = String(unread.length);
  $("#waiting").replaceChildren(...unread.slice(0, PAGE).map(drawWaiting));
}

/** @param {ReceivedFile} received */
function drawWaiting({ file, received_at: at }) {
  return el("li", {}, file, el("span", { class: "muted small" }, ` · ${moment(at)}`));
}

$("#waiting-go").addEventListener("click", () => putting.read(unread.map((each) => each.file)));
$("#waiting-discard").addEventListener("click", async () => {
  if (!(await ask("#discard-dialog"))) return;
  await attempt(() => api("/admin/files/discard", { files: unread.map((each) => each.file) }));
  refresh();
});

// ---- putting files in

const putting = new PutIn({ list: $("#uploads"), limit, onStage: say, onBusy: busy });

/**
 * @param {string} sentence
 * @param {number | null} [share] in [0, 1]; null where it is not known
 */
function say(sentence, share = null) {
  const bar = $("#run-progress", HTMLProgressElement);
  $("#report").textContent = sentence;
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
}

/** @param {boolean} working */
function busy(working) {
  $("#run").hidden = false;
  $("#run-progress").hidden = !working;
  $("#cancel-run").hidden = !working;
  if (!working) refresh();
}

$("#cancel-run").addEventListener("click", () => putting.cancel());

/**
 * @param {string} button
 * @param {string} picker
 */
function offerPicker(button, picker) {
  const input = $(picker, HTMLInputElement);
  $(button).addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    putting.take(listed(input.files ?? []));
    input.value = "";
  });
}
offerPicker("#choose", "#files");
offerPicker("#choose-folder", "#folder");

const drop = $("#drop");
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
// a file dropped beside the place for it must not take the page away
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
drop.addEventListener("drop", async ({ dataTransfer: data }) => data && putting.take(await dropped(data)));
addEventListener("beforeunload", (event) => putting.sending && event.preventDefault());

// ---- together

function refresh() {
  for (const work of [refreshDrafts, refreshWaiting, announceExpiring]) look(work);
}

live({ onOpen: refresh, onHint: (topic) => topic === "documents" && refresh() });
setInterval(refresh, 60000);
