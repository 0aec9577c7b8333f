// The form of a document's metadata: what stands, and beside each field what was read where that differs.

import { el, t } from "/desk/assets/common.js";

const FIELDS = [
  ["title", "text", true], ["document_number", "text"], ["issuer", "text"], ["region", "text"],
  ["issued_on", "date"], ["published_on", "date"], ["effective_on", "date"], ["expires_on", "date"], ["repealed_on", "date"],
  ["topics", "list", true], ["url", "url", true],
];
const shown = (value) => (Array.isArray(value) ? value.join("、") : value ?? "");

/** Fill `place` with the fields of `metadata`; `read` is what was read of the file. */
export function drawFields(place, metadata, read, locked = false) {
  place.replaceChildren(...FIELDS.map(([name, type, wide]) => {
    const was = shown(read[name]);
    const differs = was !== shown(metadata[name]);
    const id = `was-${name}`;
    const input = el("input", { name, type: type === "list" ? "text" : type, value: shown(metadata[name]), required: name === "title", readOnly: locked, maxLength: 500, "aria-describedby": id });
    return el("label", { class: wide ? "wide" : "" }, t(`field_${name}`), input,
      el("span", { class: `was ${differs ? "differs" : ""}`, id }, differs ? t("was_read", { value: was || t("was_nothing") }) : was ? t("as_read") : t("not_read")));
  }));
}

/** The metadata in the form, dates and nothing as the server takes them. */
export function metadataOf(form) {
  const given = new FormData(form);
  return Object.fromEntries(FIELDS.map(([name, type]) => {
    const value = given.get(name).trim();
    if (type === "date") return [name, value || null];
    if (type === "list") return [name, value.split(/[、，,;；\s]+/).filter(Boolean)];
    return [name, value];
  }));
}
