// What publishing would change: golden questions answered otherwise, documents that end, past answers that rest on it.

import { el } from "../shared/elements.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";

/** @import { Effect, GoldenEffect, PastAnswer, Said } from "../types" */

/** The effects of a version as elements. @param {Effect} effect */
export function drawEffects({ golden, documents, past_answers: past }) {
  return [...drawGolden(golden), ...drawDocuments(documents), ...drawPast(past)];
}

/** Golden questions that would be answered otherwise, as elements. @param {GoldenEffect} effect */
export function drawGolden({ asked, changed }) {
  if (!asked) return [el("p", {}, t("golden_none"), " ", el("a", { href: "/admin/golden" }, t("tab_golden")))];
  const said = changed.length ? t("effects_golden", { n: changed.length }) : t("effects_golden_none");
  return [el("h3", {}, said), ...changed.map(drawQuestion)];
}

/** @param {GoldenEffect["changed"][number]} changed */
function drawQuestion({ question, before, after }) {
  return el(
    "article",
    { class: "entry-change changed" },
    el("p", {}, el("strong", {}, question)),
    el("div", { class: "two" }, drawSaid("before", before), drawSaid("after", after)),
  );
}

/**
 * @param {"before" | "after"} when
 * @param {Said} said
 */
function drawSaid(when, { text, citations, problem }) {
  const cited = citations.map((each) => `《${each.title}》${each.locator}`).join("、");
  return el(
    "div",
    { class: when },
    el("h4", {}, t(when)),
    el("p", {}, text),
    cited && el("p", { class: "muted small" }, cited),
    problem ? el("p", { class: "warning" }, problem) : el("p", { class: "good small" }, t("golden_good")),
  );
}

/** @param {Effect["documents"]} documents */
function drawDocuments(documents) {
  if (!documents.length) return [];
  const lines = documents.map(({ document_id: id, title, repealed_on_after: day }) =>
    el(
      "li",
      {},
      el("a", { href: `/admin/documents/${id}` }, `《${title}》`),
      " ",
      day ? t("repealed_from", { day }) : t("effects_stands"),
    ),
  );
  return [el("h3", {}, t("effects_documents", { n: documents.length })), el("ul", { class: "plain-list" }, lines)];
}

/** @param {Effect["past_answers"]} past */
function drawPast({ count, newest }) {
  if (!count) return [el("h3", {}, t("effects_past_none"))];
  const lines = newest.map((each) => el("li", {}, given(each), el("p", {}, each.text)));
  return [el("h3", {}, t("effects_past", { n: count })), el("ul", { class: "plain-list" }, lines)];
}

/** When and from where it was answered; the way to its record, where it has one. @param {PastAnswer} answer */
function given({ message_id: id, recorded, answered_at: at, locators }) {
  const words = [moment(at), ...locators].join(" · ");
  if (!recorded) return el("span", { class: "muted small" }, words);
  return el("a", { class: "small", href: `/admin/answers/${id}` }, words);
}
