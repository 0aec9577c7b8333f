// One version looked at: what stops it, what it is, what changed and what that changes, its clauses and its original.

import { api } from "../shared/api.js";
import { $, all, el, targetOf } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { ask, attempt, notify } from "../shared/notices.js";
import { settings } from "../shared/settings.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";
import { drawOf, offerOf } from "./belonging.js";
import { drawCounts, drawEntries } from "./difference.js";
import { drawFields, metadataOf } from "./metadata.js";
import { OriginalSheet } from "./original_sheet.js";
import { Rehearsal } from "./rehearsal.js";
import { about, stateChip } from "./versions.js";

/** @import { VersionActs } from "../messages" */
/** @import { ChangedClause, Clause, Difference, ReviewSettings, Version, WholeVersion } from "../types" */

/** @type {ReviewSettings} */
const { account, version: id, sheet, second_person: secondPerson } = settings();
const at = `/admin/versions/${id}`;
const PAGE = 100; // entries drawn at a time
const original = $("#original", OriginalSheet);
const rehearsal = new Rehearsal(at);
/** @type {ChangedClause[]} */
let entries = [];
let shown = PAGE;
let sheetDrawn = false;

// ---- everything anew

async function refresh() {
  /** @type {WholeVersion} */
  const version = await api(at);
  const open = ["draft", "held", "scheduled"].includes(version.state);
  drawHead(version);
  drawHeld(version);
  drawOf(version, open);
  drawAbout(version, open);
  drawClauses(version);
  drawDecision(version, open);
  await refreshDifference(version);
  if (open && version.state !== "held") await rehearsal.once();
}

/** @param {WholeVersion} version */
function drawHead(version) {
  const { title, file, clause_count: clauses, created_at: made, people } = version;
  const who = people.created_by ? [people.created_by] : [];
  const words = [file, t("clauses_n", { n: clauses }), moment(made), ...who].join(" · ");
  $("#title").textContent = title || file;
  $("#facts").replaceChildren(stateChip(version), el("span", {}, words));
  $("#about").replaceChildren(...about(version, false));
}

/** @param {WholeVersion} version */
function drawHeld({ state, holds }) {
  $("#held-panel").hidden = state !== "held";
  $("#holds").replaceChildren(...holds.map((hold) => el("li", { class: "hold" }, hold.sentence)));
}

$("#release").addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = $("#release [name=reason]", HTMLInputElement).value;
  act("release", { reason }, () => t("released_version"));
});

offerOf((what) => act("of", what, () => t("of_done")));

// ---- what is said of it

/**
 * @param {WholeVersion} version
 * @param {boolean} open
 */
function drawAbout({ metadata, read, state }, open) {
  if (!metadata || !read) return;
  const locked = !open || state === "held";
  drawFields($("#metadata .fields"), metadata, read, locked);
  $("#metadata button").hidden = locked;
}

$("#metadata").addEventListener("submit", (event) => {
  event.preventDefault();
  act("metadata", metadataOf($("#metadata", HTMLFormElement)), () => t("about_saved"));
});

// ---- what changed

/** @param {WholeVersion} version */
async function refreshDifference({ clauses, document_id: document, successor_of: before, proposal }) {
  const compared = Boolean(clauses && (document || before || proposal));
  $("#difference-panel").hidden = !compared;
  if (!compared) return;
  /** @type {Difference} */
  const found = await api(`${at}/difference`);
  entries = found.entries.filter((each) => each.change !== "same");
  $("#difference-counts").replaceChildren(...drawCounts(found.counts));
  drawMore();
}

function drawMore() {
  const drawn = drawEntries(entries.slice(0, shown));
  $("#entries").replaceChildren(...(drawn.length ? drawn : [el("p", { class: "muted" }, t("no_change"))]));
  $("#more").hidden = entries.length <= shown;
}

$("#more").addEventListener("click", () => {
  shown += PAGE;
  drawMore();
});

// ---- its clauses beside the original

/** @param {WholeVersion} version */
function drawClauses({ clauses = [], text = "" }) {
  $("#clauses-count").textContent = String(clauses.length);
  $("#beside").classList.toggle("alone", !clauses.length);
  if (!sheetDrawn) original.show(sheet, text);
  sheetDrawn = true;
  $("#clauses").replaceChildren(...clauses.map(drawClause));
}

/** @param {Clause} clause */
function drawClause(clause) {
  const { locator, page, text } = clause;
  return el(
    "button",
    { type: "button", class: "clause", "aria-pressed": "false", onclick: (event) => turnTo(event, clause) },
    el("span", { class: "clause-path" }, locator, page ? ` · ${t("page_n", { n: page })}` : ""),
    el("span", { class: "clause-text" }, text),
  );
}

/**
 * @param {Event} event
 * @param {Clause} clause
 */
function turnTo(event, clause) {
  for (const other of all('.clause[aria-pressed="true"]')) other.setAttribute("aria-pressed", "false");
  targetOf(event, ".clause")?.setAttribute("aria-pressed", "true");
  original.point(clause);
}

// ---- publishing

/**
 * @param {WholeVersion} version
 * @param {boolean} open
 */
function drawDecision(version, open) {
  const {
    awaits_approval: waits,
    approved_by: approved,
    created_by: maker,
    asked_by: asker,
    edited_by: editors,
  } = version;
  const mine = [maker, asker, ...editors].includes(account);
  const blocked = !open || version.state === "held" || version.needs_confirmation;
  $("#decision-why").textContent = why(version, open, mine);
  $("#publish-do").hidden = blocked || waits;
  $("#publish-do").textContent = t(secondPerson && !approved ? "publish_ask" : "publish_now");
  $("#on-label").hidden = blocked || waits;
  $("#approve").hidden = !waits || mine;
  $("#withdraw").hidden = !open;
  $("#publish").hidden = !open;
}

/**
 * Why it cannot be published as it is, "" where it can.
 * @param {WholeVersion} version
 * @param {boolean} open
 * @param {boolean} mine whether this administrator had to do with it
 */
function why(
  { state, needs_confirmation: unsure, awaits_approval: waits, approved_by: approved, ...told },
  open,
  mine,
) {
  if (!open) return t("why_over");
  if (state === "held") return t("why_held");
  if (unsure) return t("why_unsure");
  if (waits) return mine ? t("why_own") : t("why_waiting", { name: told.people.asked_by });
  if (state === "scheduled") return t("why_scheduled", { day: told.publish_on });
  return secondPerson && !approved ? t("why_second") : "";
}

$("#publish").addEventListener("submit", (event) => {
  event.preventDefault();
  decide("publish", { on: $("#on", HTMLInputElement).value || null });
});
$("#approve").addEventListener("click", () => decide("approve", {}));
$("#withdraw").addEventListener("click", async () => {
  if (await ask("#withdraw-dialog")) await act("withdraw", {}, () => t("withdrawn"));
});

/**
 * Publish or approve, once what that changes has been tried and is wanted.
 * @template {"publish" | "approve"} A
 * @param {A} what
 * @param {VersionActs[A]} body
 */
async function decide(what, body) {
  if (await busy($("#publish"), () => rehearsal.wanted())) await act(what, body, outcome);
}

/** @param {Version} done */
function outcome({ state, publish_on: day, awaits_approval: waits }) {
  if (state === "published") return t("published");
  return state === "scheduled" ? t("scheduled", { day }) : t(waits ? "asked" : "approved");
}

/**
 * What the work comes to, with no button of the place to press meanwhile.
 * @template T
 * @param {HTMLElement} place
 * @param {() => Promise<T>} work
 */
async function busy(place, work) {
  const buttons = all("button", HTMLButtonElement, place).filter((button) => !button.disabled);
  for (const button of buttons) button.disabled = true;
  try {
    return await work();
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

/**
 * Do something to the version, say how it went, and draw everything anew.
 * @template {keyof VersionActs} A
 * @param {A} what
 * @param {VersionActs[A]} body
 * @param {(done: Version) => string} say
 */
async function act(what, body, say) {
  await busy($("#main"), () => attempt(async () => notify(say(await api(`${at}/${what}`, body)), "good")));
  rehearsal.forget();
  await attempt(refresh);
}

let drawn = "";
/** Draw anew what somebody else changed, but never under the hands of whoever is filling in a form. */
async function look() {
  const now = JSON.stringify(await api(at));
  if (now === drawn || document.activeElement?.closest("form")) return;
  drawn = now;
  await refresh();
}

live({ onOpen: () => attempt(look), onHint: (topic) => topic === "documents" && attempt(look) });
