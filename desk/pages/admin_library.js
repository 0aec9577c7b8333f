// The shelves: documents by standing and by words, a page at a time; files that could not go in.

import { $, api, ask, attempt, el, live, moment, notify, t } from "/desk/assets/common.js";
import { announceExpiring } from "/desk/assets/expiring.js";

const SHELVES = ["all", "in_force", "expiring", "not_yet", "ended", "failed"];
const PATIENCE = 250; // ms after the last key before looking
const asked = new URLSearchParams(location.search);
const state = {
  shelf: SHELVES.includes(asked.get("shelf")) ? asked.get("shelf") : "all",
  words: asked.get("words") ?? "",
  page: Math.max(0, Number.parseInt(asked.get("page") ?? "0", 10) || 0),
};
let latest = 0;

async function refresh() {
  const mine = ++latest;
  const query = new URLSearchParams({ words: state.words, page: state.page, shelf: state.shelf === "failed" ? "all" : state.shelf });
  const answer = await api(`/admin/documents?${query}`);
  if (mine === latest) draw(answer); // an answer overtaken by a newer question is dropped
}
const look = () => refresh().catch((error) => error.code !== "network" && notify(error.message, "bad"));

function draw(answer) {
  const failed = state.shelf === "failed";
  const counts = { ...answer.counts, failed: answer.failures_total };
  $("#documents-count").textContent = counts.all;
  $("#shelves").replaceChildren(...SHELVES.map((name) => el("button", {
    type: "button", "aria-pressed": String(name === state.shelf), onclick: () => go({ shelf: name, page: 0 }),
  }, t(`shelf_${name}`), " ", el("span", { class: "count" }, String(counts[name])))));
  const shown = failed ? [] : answer.documents;
  $(".documents").hidden = failed || shown.length === 0;
  $("#documents").replaceChildren(...shown.map(drawDocument));
  drawFailures(failed ? matching(answer.failures) : []);
  drawEmpty(failed ? answer.failures_total === 0 : shown.length === 0, counts.all);
  drawPages(failed ? 0 : answer.total, answer.page_size);
}

function drawEmpty(empty, all) {
  $("#documents-empty").hidden = !empty;
  $("#documents-empty").textContent = t(state.shelf === "failed" ? "failures_empty" : all ? "documents_none" : "documents_empty");
}

function drawPages(total, size) {
  const pages = Math.ceil(total / size);
  $("#pages").hidden = pages <= 1 && state.page === 0;
  $("#pages-where").textContent = t("pages_where", { n: state.page + 1, total: Math.max(pages, 1), count: total });
  $("#previous").disabled = state.page === 0;
  $("#next").disabled = state.page + 1 >= pages;
}

function drawDocument(each) {
  const dates = [each.effective_on ?? t("no_date"), each.expires_on ? t("until", { day: each.expires_on }) : "", each.repealed_on ? t("repealed_from", { day: each.repealed_on }) : ""];
  return el("tr", {},
    el("td", { class: "title" }, el("a", { href: `/admin/document/${each.id}` }, each.title), el("div", { class: "file" }, [each.document_number, each.file].filter(Boolean).join(" · "))),
    el("td", {}, el("span", { class: `chip ${each.standing}` }, t(`standing_${each.standing}`))),
    el("td", { class: "when" }, dates.filter(Boolean).map((line) => el("div", {}, line))),
    el("td", { class: "number" }, String(each.clauses)),
    el("td", { class: "when" }, el("time", { dateTime: each.updated_at }, moment(each.updated_at))),
    el("td", {}, el("button", { type: "button", class: "danger", "aria-label": `${t("remove")} ${each.title}`, onclick: () => removeDocument(each) }, t("remove"))));
}

async function removeDocument(each) {
  $("#remove-what").textContent = `《${each.title}》`;
  if (!await ask($("#remove-dialog"))) return;
  if (await attempt(() => api(`/admin/documents/${each.id}/remove`, {}))) notify(t("removed"), "good");
  look();
}

function matching(failures) {
  const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
  return failures.filter((each) => words.every((word) => `${each.file} ${each.reason}`.toLowerCase().includes(word)));
}

function drawFailures(failures) {
  $("#failures").hidden = failures.length === 0;
  $("#failures").replaceChildren(...failures.map((each) => el("li", {}, el("strong", {}, each.file), el("p", { class: "muted" }, each.reason))));
}

function go(change) {
  Object.assign(state, change);
  const query = new URLSearchParams();
  for (const [name, plain] of [["shelf", "all"], ["words", ""], ["page", 0]]) if (state[name] !== plain) query.set(name, state[name]);
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  look();
}

let typing;
$("#filter").value = state.words;
$("#filter").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => go({ words: $("#filter").value.trim(), page: 0 }), PATIENCE);
});
$("#previous").addEventListener("click", () => go({ page: state.page - 1 }));
$("#next").addEventListener("click", () => go({ page: state.page + 1 }));

const both = () => { look(); announceExpiring().catch(() => {}); };
live({ onOpen: both, onHint: (topic) => topic === "documents" && both() });
