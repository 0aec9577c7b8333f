// One answer given: what it rested on then, and what the same question comes to today.

import { api } from "../shared/api.js";
import { drawCitations } from "../shared/citations.js";
import { $, el } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { attempt, sentenceOf } from "../shared/notices.js";
import { settings } from "../shared/settings.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";

/** @import { AnswerRecord, Differs, Evidence, GivenAnswer, Replay } from "../types" */

/** @type {{ message: number }} */
const { message: id } = settings();
/** @type {Evidence[]} */
const EVIDENCE = ["score", "cosine", "words", "covered", "kind", "year", "place", "lead"];

async function look() {
  /** @type {GivenAnswer} */
  const { question, text, citations, record, answered_at: at } = await api(`/admin/answers/${id}/record`);
  const sure = t("confidence", { p: Math.round(record.confidence * 100) });
  $("#question").textContent = question || t("answers_no_question");
  $("#facts").replaceChildren(
    el("span", { class: `chip kind-${record.kind}` }, t(`answers_${record.kind}`)),
    el("span", {}, [moment(at), sure, t("answer_number", { n: id })].join(" · ")),
  );
  $("#text").textContent = text;
  $("#cited").replaceChildren(...(citations.length ? [drawCitations(citations, true)] : []));
  $("#golden", HTMLAnchorElement).href = `/admin/golden?message=${id}`;
  drawRecord(record);
}

/** @param {AnswerRecord} record */
function drawRecord({ setup, day, as_of: asOf, passages, asked }) {
  $("#setup").replaceChildren(
    ...fact(t("setup_day"), day),
    ...(asOf ? fact(t("setup_as_of"), asOf) : []),
    ...fact(t("setup_threshold"), setup.threshold),
    ...fact(t("setup_model"), setup.model),
    ...fact(t("setup_index"), setup.index),
    ...fact(t("setup_words"), setup.words),
    ...fact(t("setup_phraser"), setup.phraser),
    ...fact(t("setup_turns"), asked.length),
  );
  $("#passages-region").hidden = passages.length === 0;
  $("#passages").replaceChildren(...passages.map(drawPassage));
}

/**
 * @param {string} name
 * @param {string | number} given
 */
function fact(name, given) {
  return [el("dt", {}, name), el("dd", {}, given === "" ? "—" : String(given))];
}

/** @param {AnswerRecord["passages"][number]} passage */
function drawPassage({ clause_id: clause, score, signals }) {
  const evidence = EVIDENCE.flatMap((name) => {
    const strength = signals[`evidence_${name}`];
    return strength === undefined ? [] : [`${t(`signal_${name}`)} ${strength.toFixed(2)}`];
  });
  return el(
    "tr",
    {},
    el("td", {}, el("code", {}, clause)),
    el("td", { class: "number" }, score.toFixed(3)),
    el("td", { class: "small" }, evidence.join(" · ")),
  );
}

$("#replay").addEventListener("click", async () => {
  const place = $("#replayed");
  place.replaceChildren(el("p", { class: "muted" }, t("asking")));
  try {
    place.replaceChildren(...drawReplay(await api(`/admin/answers/${id}/replay`)));
  } catch (error) {
    place.replaceChildren(el("p", { class: "problem" }, sentenceOf(error)));
  }
});

/** @param {Replay} replay */
function drawReplay({ cited, new: added, differs, same, day, text_then: then, text_now: now }) {
  const lines = [
    ...cited.map(fate),
    ...added.map((place) => t("replay_new", { place })),
    ...differs.map((each) => t("replay_differs", { what: t(`differs_${each.what}`), ...values(each) })),
  ];
  const texts = [said(t("replay_then", { day }), then), said(t("replay_now"), now)];
  return [
    el("p", { class: same ? "good" : "warning" }, t(same ? "replay_same" : "replay_other")),
    el("div", { class: "two" }, texts),
    el(
      "ul",
      { class: "plain-list" },
      lines.map((line) => el("li", {}, line)),
    ),
  ];
}

/** @param {Replay["cited"][number]} cited */
function fate({ title, locator, fate: become, cited_now: still }) {
  return `《${title}》${locator}：${t(`fate_${become}`)}${still ? "" : t("replay_not_cited")}`;
}

/** What it was then and what it is now, as words. @param {Differs} differs */
function values(differs) {
  const { what } = differs;
  if (what === "kind") return { then: t(`answers_${differs.then}`), now: t(`answers_${differs.now}`) };
  if (what === "reason") return { then: reason(differs.then), now: reason(differs.now) };
  const digits = what === "confidence" || what === "score" ? 3 : undefined;
  return { then: plain(differs.then, digits), now: plain(differs.now, digits) };
}

/** @param {Extract<Differs, { what: "reason" }>["then"]} given */
function reason(given) {
  return given ? t(`abstained_${given}`) : "—";
}

/**
 * @param {string | number | null} given
 * @param {number} [digits]
 */
function plain(given, digits) {
  if (given === "" || given === null) return "—";
  return typeof given === "number" && digits ? given.toFixed(digits) : String(given);
}

/**
 * @param {string} when
 * @param {string} text
 */
function said(when, text) {
  return el("div", {}, el("h4", {}, when), el("p", {}, text));
}

live({ onOpen: () => attempt(look) });
