// What publishing would change: golden questions answered otherwise, documents that end, past answers resting on changed clauses.

import { el, moment, t } from "/desk/assets/common.js";

/** The effects of a version as elements. */
export function drawEffects({ golden, documents, past_answers: past }) {
  return [...drawGolden(golden), ...drawDocuments(documents), ...drawPast(past)];
}

/** Golden questions that would be answered otherwise, as elements. */
export function drawGolden({ asked, changed }) {
  if (!asked) return [el("p", {}, t("golden_none"), " ", el("a", { href: "/admin/questions" }, t("tab_golden")))];
  const heading = el("h3", {}, changed.length ? t("effects_golden", { n: changed.length }) : t("effects_golden_none"));
  return [heading, ...changed.map((each) => el("article", { class: "entry-change changed" }, el("p", {}, el("strong", {}, each.question)),
    el("div", { class: "two" }, said("before", each.before), said("after", each.after))))];
}

function said(when, { text, citations, problem }) {
  const cited = citations.map((each) => `《${each.title}》${each.locator}`).join("、");
  return el("div", { class: when }, el("h4", {}, t(when)), el("p", {}, text), cited ? el("p", { class: "muted small" }, cited) : "",
    problem ? el("p", { class: "warning" }, problem) : el("p", { class: "good small" }, t("golden_good")));
}

function drawDocuments(documents) {
  if (!documents.length) return [];
  return [el("h3", {}, t("effects_documents", { n: documents.length })), el("ul", { class: "plain-list" }, documents.map((each) => el("li", {},
    el("a", { href: `/admin/document/${each.document_id}` }, `《${each.title}》`), " ",
    each.repealed_on_after ? t("repealed_from", { day: each.repealed_on_after }) : t("effects_stands"))))];
}

function drawPast({ count, newest }) {
  if (!count) return [el("h3", {}, t("effects_past_none"))];
  return [el("h3", {}, t("effects_past", { n: count })), el("ul", { class: "plain-list" }, newest.map((each) => el("li", {},
    given(each), el("p", {}, each.text))))];
}

/** When and from where it was answered; the way to its record, where it has one. */
function given({ message_id: id, recorded, answered_at: at, locators }) {
  const words = [moment(at), ...locators].join(" · ");
  return recorded ? el("a", { class: "small", href: `/admin/answers/${id}` }, words) : el("span", { class: "muted small" }, words);
}
