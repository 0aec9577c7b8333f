// The shelves: documents by standing and by words, a page at a time; files that could not go in.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { ask, attempt, look, notify } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";
import { announceExpiring } from "./expiring.js";

/** @import { Failure, Listing, PolicyDocument, Shelf } from "../types" */

/** @type {(Shelf | "failed")[]} */
const SHELVES = ["all", "in_force", "expiring", "not_yet", "ended", "failed"];
const PATIENCE = 250; // ms after the last key before looking
const filter = $("#filter", HTMLInputElement);
const state = asked(new URLSearchParams(location.search));
let latest = 0; // the number of the newest request

/** What the page's address asks for. @param {URLSearchParams} query */
function asked(query) {
  const shelf = SHELVES.find((each) => each === query.get("shelf")) ?? "all";
  const page = Math.max(0, Number.parseInt(query.get("page") ?? "0", 10) || 0);
  return { shelf, words: query.get("words") ?? "", page };
}

async function refresh() {
  const mine = ++latest;
  const { words, page, shelf } = state;
  const query = new URLSearchParams({ words, page: String(page), shelf: shelf === "failed" ? "all" : shelf });
  /** @type {Listing} */
  const answer = await api(`/admin/documents/list?${query}`);
  if (mine === latest) draw(answer); // an answer overtaken by a newer question is dropped
}

/** @param {Listing} listing */
function draw({ counts, documents, failures, failures_total: failedTotal, total, page_size: size }) {
  const failed = state.shelf === "failed";
  const shown = failed ? [] : documents;
  const every = { ...counts, failed: failedTotal };
  $("#documents-count").textContent = String(counts.all);
  $("#shelves").replaceChildren(...SHELVES.map((shelf) => drawShelf(shelf, every[shelf])));
  $(".documents").hidden = failed || shown.length === 0;
  $("#documents").replaceChildren(...shown.map(drawDocument));
  drawFailures(failed ? matching(failures) : []);
  drawEmpty(failed ? failedTotal === 0 : shown.length === 0, counts.all);
  drawPages(failed ? 0 : total, size);
}

/**
 * @param {Shelf | "failed"} shelf
 * @param {number} count
 */
function drawShelf(shelf, count) {
  const pressed = String(shelf === state.shelf);
  const open = () => go({ shelf, page: 0 });
  const number = el("span", { class: "count" }, String(count));
  return el("button", { type: "button", "aria-pressed": pressed, onclick: open }, t(`shelf_${shelf}`), " ", number);
}

/**
 * @param {boolean} empty
 * @param {number} all how many documents there are
 */
function drawEmpty(empty, all) {
  const why = all ? "documents_none" : "documents_empty";
  $("#documents-empty").hidden = !empty;
  $("#documents-empty").textContent = t(state.shelf === "failed" ? "failures_empty" : why);
}

/**
 * @param {number} total
 * @param {number} size of a page
 */
function drawPages(total, size) {
  const pages = Math.ceil(total / size);
  $("#pages").hidden = pages <= 1 && state.page === 0;
  $("#pages-where").textContent = t("pages_where", { n: state.page + 1, total: Math.max(pages, 1), count: total });
  $("#previous", HTMLButtonElement).disabled = state.page === 0;
  $("#next", HTMLButtonElement).disabled = state.page + 1 >= pages;
}

/** @param {PolicyDocument} document */
function drawDocument(document) {
  const { id, title, standing, clauses, updated_at: at } = document;
  const about = [document.document_number, document.file].filter(Boolean).join(" · ");
  const taken = () => removeDocument(document);
  const label = `${t("remove")} ${title}`;
  const remove = el("button", { type: "button", class: "danger", "aria-label": label, onclick: taken }, t("remove"));
  return el(
    "tr",
    {},
    el(
      "td",
      { class: "title" },
      el("a", { href: `/admin/documents/${id}` }, title),
      el("div", { class: "file" }, about),
    ),
    el("td", {}, el("span", { class: `chip ${standing}` }, t(`standing_${standing}`))),
    el(
      "td",
      { class: "when" },
      days(document).map((line) => el("div", {}, line)),
    ),
    el("td", { class: "number" }, String(clauses)),
    el("td", { class: "when" }, el("time", { dateTime: at }, moment(at))),
    el("td", {}, remove),
  );
}

/** @param {PolicyDocument} document */
function days({ effective_on: from, expires_on: until, repealed_on: repealed }) {
  const end = until ? t("until", { day: until }) : "";
  return [from ?? t("no_date"), end, repealed ? t("repealed_from", { day: repealed }) : ""].filter(Boolean);
}

/** @param {PolicyDocument} document */
async function removeDocument({ id, title }) {
  $("#remove-what").textContent = `《${title}》`;
  if (!(await ask("#remove-dialog"))) return;
  if (await attempt(() => api(`/admin/documents/${id}/remove`, {}))) notify(t("removed"), "good");
  look(refresh);
}

/** @param {Failure[]} failures */
function matching(failures) {
  const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
  return failures.filter(({ file, reason }) => words.every((word) => `${file} ${reason}`.toLowerCase().includes(word)));
}

/** @param {Failure[]} failures */
function drawFailures(failures) {
  $("#failures").hidden = failures.length === 0;
  $("#failures").replaceChildren(
    ...failures.map(({ file, reason }) => el("li", {}, el("strong", {}, file), el("p", { class: "muted" }, reason))),
  );
}

/** Look for something else, and say it in the address. @param {Partial<typeof state>} change */
function go(change) {
  Object.assign(state, change);
  const query = new URLSearchParams();
  if (state.shelf !== "all") query.set("shelf", state.shelf);
  if (state.words) query.set("words", state.words);
  if (state.page) query.set("page", String(state.page));
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  look(refresh);
}

let typing = 0;
filter.value = state.words;
filter.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => go({ words: filter.value.trim(), page: 0 }), PATIENCE);
});
$("#previous").addEventListener("click", () => go({ page: state.page - 1 }));
$("#next").addEventListener("click", () => go({ page: state.page + 1 }));

function lookAtBoth() {
  look(refresh);
  announceExpiring().catch(() => {});
}
live({ onOpen: lookAtBoth, onHint: (topic) => topic === "documents" && lookAtBoth() });
