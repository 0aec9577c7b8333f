// "What would this question find?": the answer an applicant would get, and every passage behind it with its scores.

import { $, api, el, live, t } from "/desk/assets/common.js";
import { drawCitations } from "/desk/assets/messages.js";

const SIGNALS = ["bm25", "document_bm25", "cosine"]; // those that differ from passage to passage

$("#ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = $("#found");
  found.hidden = false;
  found.replaceChildren(el("p", { class: "muted" }, t("asking")));
  try {
    const asked = { question: $("#question").value, as_of: $("#as-of").value || null };
    found.replaceChildren(...drawOutcome(await api("/admin/ask", asked)));
  } catch (error) {
    found.replaceChildren(el("p", { class: "problem" }, error.message));
  }
});

function drawOutcome(outcome) {
  return [
    el("p", {}, el("strong", { class: `chip kind-${outcome.kind}` }, t(`kind_${outcome.kind}`)), " ", el("span", { class: "muted small" }, t("confidence", { p: Math.round(outcome.confidence * 100) }))),
    el("p", { class: "answer" }, outcome.text),
    outcome.citations.length ? drawCitations(outcome.citations, true) : "",
    el("h2", {}, t("passages")),
    outcome.passages.length ? el("ol", { class: "passages" }, outcome.passages.map(drawPassage)) : el("p", { class: "muted" }, t("passages_none")),
  ];
}

function drawPassage(each) {
  const signals = SIGNALS.filter((name) => name in each.signals).map((name) => `${t(`signal_${name}`)} ${each.signals[name].toFixed(3)}`);
  return el("li", { class: "passage" },
    el("p", { class: "citation-title" }, each.heading),
    el("p", { class: "measure" }, el("meter", { min: 0, max: 1, value: Math.min(1, Math.max(0, each.score)), "aria-label": t("score", { s: each.score.toFixed(3) }) }),
      el("span", { class: "score" }, t("score", { s: each.score.toFixed(3) })), el("span", { class: "muted small" }, signals.join(" · "))),
    el("blockquote", {}, each.text),
    el("p", { class: "small" }, el("a", { href: each.page, target: "_blank" }, t("open_source"))));
}

live({ onOpen: () => {}, onHint: () => {} });
