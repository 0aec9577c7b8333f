// The difference between two versions, clause by clause: words that went and words that came are told by more than colour.

import { el, t } from "/desk/assets/common.js";

const KINDS = ["changed", "added", "removed", "moved"];
const MARKS = { added: "ins", removed: "del" };

/** How many clauses of each kind, as chips. */
export function drawCounts(counts) {
  return [...KINDS, "same"].filter((kind) => counts[kind]).map((kind) => el("span", { class: "chip" }, t(`change_n_${kind}`, { n: counts[kind] })));
}

/** The entries that are not the same in both, as elements. */
export function drawEntries(entries) {
  return entries.filter((each) => each.change !== "same").map((each) => {
    const clause = each.new ?? each.old;
    const where = each.moved && each.old && each.new ? t("moved_from", { old: each.old.locator, new: each.new.locator }) : clause.locator;
    return el("article", { class: `entry-change ${each.change}` },
      el("p", { class: "entry-where" }, el("strong", {}, t(`change_${each.change}`)), " ", where),
      el("p", {}, ...words(each, clause)));
  });
}

function words(entry, clause) {
  if (entry.change === "added") return [el("ins", {}, clause.text)];
  if (entry.change === "removed") return [el("del", {}, clause.text)];
  if (entry.change === "moved" || !entry.spans.length) return [clause.text];
  return entry.spans.map(({ mark, text }) => (MARKS[mark] ? el(MARKS[mark], {}, el("span", { class: "hidden" }, t(`said_${mark}`)), text) : text));
}
