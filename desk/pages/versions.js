// What pages say of a version: its state, what it is a version of, and what stands in its way.

import { el, t } from "/desk/assets/common.js";

/** Whether it can be published as it is, without another look. */
export function ready(version) {
  return version.state === "draft" && !version.needs_confirmation && !version.awaits_approval;
}

export function stateChip(version) {
  const state = version.awaits_approval ? "waiting" : version.state;
  return el("span", { class: `chip ${state}` }, t(`version_${state}`, { day: version.publish_on ?? "" }));
}

/** What is to be known before it is published, as paragraphs; `holds` where what stops it is not told elsewhere. */
export function about(version, holds = true) {
  const lines = [];
  const proposal = version.proposal;
  if (proposal) lines.push(el("p", {}, t(version.needs_confirmation ? "proposal_unsure" : "proposal_sure", proposal)));
  else if (version.kind === "new") lines.push(el("p", { class: "muted" }, t("version_new")));
  for (const hold of version.holds) if (holds && version.state === "held") lines.push(el("p", { class: "hold" }, hold.sentence));
  for (const warning of version.warnings ?? []) lines.push(el("p", { class: "warning" }, warning));
  return lines;
}
