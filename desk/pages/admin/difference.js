// The difference between two versions, clause by clause: what went and what came is told by more than colour.

import { el } from "../shared/elements.js";
import { t } from "../shared/texts.js";

/** @import { ChangedClause, ClauseSide, Difference } from "../types" */

const KINDS = /** @type {const} */ (["changed", "added", "removed", "moved", "same"]);

/** How many clauses of each kind, as chips. @param {Difference["counts"]} counts */
export function drawCounts(counts) {
  const found = KINDS.filter((kind) => counts[kind]);
  return found.map((kind) => el("span", { class: "chip" }, t(`change_n_${kind}`, { n: counts[kind] })));
}

/** The entries as elements; unchanged ones have none. @param {ChangedClause[]} entries */
export function drawEntries(entries) {
  return entries.flatMap((entry) => {
    const { change } = entry;
    const clause = entry.new ?? entry.old;
    return change === "same" || !clause ? [] : [drawEntry(entry, change, clause)];
  });
}

/**
 * @param {ChangedClause} entry
 * @param {Exclude<ChangedClause["change"], "same">} change
 * @param {ClauseSide} clause as it is, or as it was where it went
 */
function drawEntry(entry, change, clause) {
  const { old: before, new: now } = entry;
  const moved = entry.moved && before && now;
  const where = moved ? t("moved_from", { old: before.locator, new: now.locator }) : clause.locator;
  return el(
    "article",
    { class: `entry-change ${change}` },
    el("p", { class: "entry-where" }, el("strong", {}, t(`change_${change}`)), " ", where),
    el("p", {}, words(entry, clause)),
  );
}

/**
 * @param {ChangedClause} entry
 * @param {ClauseSide} clause
 */
function words({ change, spans }, clause) {
  if (change === "added") return [el("ins", {}, clause.text)];
  if (change === "removed") return [el("del", {}, clause.text)];
  if (change === "moved" || !spans.length) return [clause.text];
  return spans.map(drawSpan);
}

/** @param {ChangedClause["spans"][number]} span */
function drawSpan({ mark, text }) {
  if (mark === "kept") return text;
  return el(mark === "added" ? "ins" : "del", {}, el("span", { class: "hidden" }, t(`said_${mark}`)), text);
}
