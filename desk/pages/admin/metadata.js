// The form of a document's metadata: what stands, and beside each field what was read where that differs.

import { el } from "../shared/elements.js";
import { t } from "../shared/texts.js";

/** @import { Metadata } from "../types" */
/** @typedef {"text" | "date" | "list" | "url"} Kind */

/** @type {[keyof Metadata, Kind, boolean][]} name, kind and whether it takes the whole width */
const FIELDS = [
  ["title", "text", true],
  ["document_number", "text", false],
  ["issuer", "text", false],
  ["region", "text", false],
  ["issued_on", "date", false],
  ["published_on", "date", false],
  ["effective_on", "date", false],
  ["expires_on", "date", false],
  ["repealed_on", "date", false],
  ["topics", "list", true],
  ["url", "url", true],
];

/** @param {Metadata[keyof Metadata]} value */
const shown = (value) => (Array.isArray(value) ? value.join("、") : (value ?? ""));

/**
 * Fill `place` with the fields of `metadata`.
 * @param {HTMLElement} place
 * @param {Metadata} metadata
 * @param {Metadata} read what was read of the file
 * @param {boolean} [locked]
 */
export function drawFields(place, metadata, read, locked = false) {
  place.replaceChildren(
    ...FIELDS.map(([name, kind, wide]) => {
      const value = shown(metadata[name]);
      const id = `was-${name}`;
      const input = el("input", {
        name,
        type: kind === "list" ? "text" : kind,
        value,
        required: name === "title",
        readOnly: locked,
        maxLength: 500,
        "aria-describedby": id,
      });
      const was = drawWas(id, shown(read[name]), value);
      return el("label", { class: wide ? "wide" : "" }, t(`field_${name}`), input, was);
    }),
  );
}

/**
 * @param {string} id
 * @param {string} was
 * @param {string} value
 */
function drawWas(id, was, value) {
  const differs = was !== value;
  const asRead = was ? t("as_read") : t("not_read");
  const words = differs ? t("was_read", { value: was || t("was_nothing") }) : asRead;
  return el("span", { class: `was ${differs ? "differs" : ""}`, id }, words);
}

/** The metadata in the form, dates and nothing as the server takes them. @param {HTMLFormElement} form */
export function metadataOf(form) {
  const given = new FormData(form);
  return Object.fromEntries(FIELDS.map(([name, kind]) => [name, taken(String(given.get(name)).trim(), kind)]));
}

/**
 * @param {string} value
 * @param {Kind} kind
 */
function taken(value, kind) {
  if (kind === "date") return value || null;
  return kind === "list" ? value.split(/[、，,;；\s]+/).filter(Boolean) : value;
}
