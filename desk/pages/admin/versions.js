// What pages say of a version: its state, what it is a version of, and what stands in its way.

import { el } from "../shared/elements.js";
import { t } from "../shared/texts.js";

/** @import { Version } from "../types" */

/** Whether it can be published as it is, without another look. @param {Version} version */
export function ready({ state, needs_confirmation: unsure, awaits_approval: waits }) {
  return state === "draft" && !unsure && !waits;
}

/** @param {Version} version */
export function stateChip({ state, awaits_approval: waits, publish_on: on }) {
  const shown = waits ? "waiting" : state;
  return el("span", { class: `chip ${shown}` }, t(`version_${shown}`, { day: on ?? "" }));
}

/**
 * What is to be known before it is published, as paragraphs.
 * @param {Version} version
 * @param {boolean} [holds] what stops it is not told elsewhere
 */
export function about(version, holds = true) {
  const { proposal, needs_confirmation: unsure, warnings = [] } = version;
  const lines = [];
  if (proposal) lines.push(el("p", {}, t(unsure ? "proposal_unsure" : "proposal_sure", proposal)));
  else if (version.kind === "new") lines.push(el("p", { class: "muted" }, t("version_new")));
  const stopped = holds && version.state === "held" ? version.holds : [];
  for (const { sentence } of stopped) lines.push(el("p", { class: "hold" }, sentence));
  for (const warning of warnings) lines.push(el("p", { class: "warning" }, warning));
  return lines;
}
