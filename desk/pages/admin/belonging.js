// What a version is: a new document, or a correction or successor of another, which an administrator decides.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { attempt } from "../shared/notices.js";
import { t } from "../shared/texts.js";

/** @import { VersionActs } from "../messages" */
/** @import { Listing, VersionKind, WholeVersion } from "../types" */

const PATIENCE = 250; // ms after the last key before looking
const FOUND = 8; // documents offered

/**
 * Show what it is thought to be, and what else it may be.
 * @param {WholeVersion} version
 * @param {boolean} open whether anything can still be decided about it
 */
export function drawOf(version, open) {
  const { proposal, needs_confirmation: unsure } = version;
  const id = version.document_id ?? version.successor_of;
  const known = proposal ?? (id ? { document_id: id, title: version.title } : null);
  $("#of-panel").hidden = !open || version.state === "held";
  $("#of-panel").classList.toggle("asks", unsure);
  $("#of-why").textContent = proposal ? t(unsure ? "proposal_unsure" : "proposal_sure", proposal) : t("version_new");
  $("#of-choices").replaceChildren();
  const none = choice("new", "", t("of_new"));
  if (known) offer(known.document_id, known.title);
  const preferred = proposal && unsure ? proposal.kind : version.kind;
  const wanted = choices().find((input) => input.dataset.kind === preferred) ?? none;
  wanted.checked = true;
}

/**
 * @param {string} document its id
 * @param {string} title
 */
function offer(document, title) {
  choice("correction", document, t("of_correction", { title }));
  choice("successor", document, t("of_successor", { title }));
}

/**
 * @param {VersionKind} kind
 * @param {string} document
 * @param {string} words
 */
function choice(kind, document, words) {
  const value = `${kind} ${document}`;
  const input = el("input", { type: "radio", name: "of", value, dataset: { kind, document } });
  $("#of-choices").append(el("label", { class: "check" }, input, " ", words));
  return input;
}

function choices() {
  return [...$("#of-choices").querySelectorAll("input")];
}

/** Offer a document that was looked for. @param {Listing["documents"][number]} document */
function choose({ id, title }) {
  $("#of-choices").replaceChildren();
  choice("new", "", t("of_new"));
  offer(id, title);
  const correction = choices().find((input) => input.dataset.kind === "correction");
  if (!correction) return;
  correction.checked = true;
  correction.focus();
}

async function search() {
  const words = $("#of-words", HTMLInputElement).value.trim();
  /** @type {Pick<Listing, "documents">} */
  const { documents } = words
    ? await api(`/admin/documents/list?${new URLSearchParams({ words })}`)
    : { documents: [] };
  const found = documents.slice(0, FOUND).map((each) => {
    return el("button", { type: "button", onclick: () => choose(each) }, `《${each.title}》`);
  });
  $("#of-found").replaceChildren(...found, words && !documents.length ? t("documents_none") : "");
}

/**
 * Let an administrator decide; `decide` is told what.
 * @param {(what: VersionActs["of"]) => unknown} decide
 */
export function offerOf(decide) {
  let typing = 0;
  $("#of-words").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => attempt(search), PATIENCE);
  });
  $("#of").addEventListener("submit", (event) => {
    event.preventDefault();
    const { kind = "new", document } = choices().find((input) => input.checked)?.dataset ?? {};
    decide({ kind, document: document || null });
  });
}
