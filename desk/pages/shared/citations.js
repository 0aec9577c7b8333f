// What an answer rests on, folded.

import { el } from "./elements.js";
import { issuersPage, ownPage } from "./links.js";
import { t } from "./texts.js";

/** @import { Citation } from "../messages" */

/**
 * @param {Citation[]} citations
 * @param {boolean} [open]
 */
export function drawCitations(citations, open = false) {
  return el(
    "details",
    { class: "citations", open },
    el("summary", {}, t("citations", { n: citations.length })),
    citations.map(drawCitation),
  );
}

/** @param {Citation} citation */
function drawCitation(citation) {
  const { title, document_number: number, locator, effective_on: from, quote } = citation;
  const facts = [locator, from ? t("effective", { day: from }) : ""];
  const href = ownPage(citation) ?? issuersPage(citation);
  const source = href && el("a", { href, target: "_blank", rel: "noopener noreferrer" }, t("open_source"));
  return el(
    "div",
    { class: "citation" },
    el("p", { class: "citation-title" }, `《${title}》${number ? `（${number}）` : ""}`),
    el("p", { class: "muted small" }, facts.filter(Boolean).join(" · ")),
    el("blockquote", {}, quote),
    source && el("p", { class: "small" }, source),
  );
}
