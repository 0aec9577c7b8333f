// "What would this question find?": the answer an applicant would get, and every passage behind it with its scores.

import { api } from "../shared/api.js";
import { drawCitations } from "../shared/citations.js";
import { $, el } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { sentenceOf } from "../shared/notices.js";
import { t } from "../shared/texts.js";

/** @import { Outcome } from "../types" */

const SIGNALS = /** @type {const} */ (["bm25", "document_bm25", "cosine"]); // those that differ from passage to passage

$("#ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = $("#found");
  found.hidden = false;
  found.replaceChildren(el("p", { class: "muted" }, t("asking")));
  try {
    const question = $("#question", HTMLInputElement).value;
    const as_of = $("#as-of", HTMLInputElement).value || null;
    found.replaceChildren(...drawOutcome(await api("/admin/trial/ask", { question, as_of })));
  } catch (error) {
    found.replaceChildren(el("p", { class: "problem" }, sentenceOf(error)));
  }
});

/** @param {Outcome} outcome */
function drawOutcome({ kind, confidence, text, citations, passages }) {
  const sure = t("confidence", { p: Math.round(confidence * 100) });
  const found = passages.length
    ? el("ol", { class: "passages" }, passages.map(drawPassage))
    : el("p", { class: "muted" }, t("passages_none"));
  return [
    el(
      "p",
      {},
      el("strong", { class: `chip kind-${kind}` }, t(`kind_${kind}`)),
      " ",
      el("span", { class: "muted small" }, sure),
    ),
    el("p", { class: "answer" }, text),
    citations.length ? drawCitations(citations, true) : "",
    el("h2", {}, t("passages")),
    found,
  ];
}

/** @param {Outcome["passages"][number]} passage */
function drawPassage({ heading, text, score, signals, page }) {
  const said = t("score", { s: score.toFixed(3) });
  const measured = SIGNALS.flatMap((name) => {
    const value = signals[name];
    return value === undefined ? [] : [`${t(`signal_${name}`)} ${value.toFixed(3)}`];
  });
  const value = Math.min(1, Math.max(0, score));
  return el(
    "li",
    { class: "passage" },
    el("p", { class: "citation-title" }, heading),
    el(
      "p",
      { class: "measure" },
      el("meter", { min: 0, max: 1, value, "aria-label": said }),
      el("span", { class: "score" }, said),
      el("span", { class: "muted small" }, measured.join(" · ")),
    ),
    el("blockquote", {}, text),
    el("p", { class: "small" }, el("a", { href: page, target: "_blank" }, t("open_source"))),
  );
}

live({ onOpen: () => {} });
