// One version looked at: what stops it, what it is, what changed, what it would change, its clauses beside the original.

import "/desk/assets/original_sheet.js";
import { $, api, ask, attempt, el, live, moment, notify, t } from "/desk/assets/common.js";
import { drawCounts, drawEntries } from "/desk/assets/difference.js";
import { drawEffects } from "/desk/assets/effects.js";
import { drawFields, metadataOf } from "/desk/assets/metadata.js";
import { about, stateChip } from "/desk/assets/versions.js";

const settings = JSON.parse($("#settings").textContent);
const at = `/admin/versions/${settings.version}`;
const PAGE = 100; // entries drawn at a time
let version;
let entries = [];
let shown = PAGE;
let drawnSheet = "";
let trial; // the promise of the golden questions that publishing would make go wrong

// ---- everything anew

async function refresh() {
  version = await api(at);
  const open = ["draft", "held", "scheduled"].includes(version.state);
  drawHead(open);
  drawHeld();
  drawOf(open);
  drawAbout(open);
  drawClauses();
  drawDecision(open);
  await refreshDifference();
  if (open && version.state !== "held" && !trial) await rehearse();
}

function drawHead() {
  $("#title").textContent = version.title || version.file;
  const who = version.people.created_by ? [version.people.created_by] : [];
  $("#facts").replaceChildren(stateChip(version), el("span", {}, [version.file, t("clauses_n", { n: version.clause_count }), moment(version.created_at), ...who].join(" · ")));
  $("#about").replaceChildren(...about(version, false));
}

function drawHeld() {
  $("#held-panel").hidden = version.state !== "held";
  $("#holds").replaceChildren(...version.holds.map((hold) => el("li", { class: "hold" }, hold.sentence)));
}

$("#release").addEventListener("submit", (event) => {
  event.preventDefault();
  act("release", Object.fromEntries(new FormData(event.target)), () => t("released_version"));
});

// ---- what it is

function drawOf(open) {
  const known = version.proposal ?? (version.document_id || version.successor_of ? { document_id: version.document_id ?? version.successor_of, title: version.title } : null);
  $("#of-panel").hidden = !open || version.state === "held";
  $("#of-panel").classList.toggle("asks", version.needs_confirmation);
  $("#of-why").textContent = version.proposal ? t(version.needs_confirmation ? "proposal_unsure" : "proposal_sure", version.proposal) : t("version_new");
  $("#of-choices").replaceChildren();
  choice("new", null, t("of_new"));
  if (known) offer(known.document_id, known.title);
  const preferred = version.needs_confirmation ? version.proposal.kind : version.kind;
  const wanted = $(`#of-choices input[data-kind="${preferred}"]`) ?? $("#of-choices input");
  wanted.checked = true;
}

function offer(document, title) {
  choice("correction", document, t("of_correction", { title }));
  choice("successor", document, t("of_successor", { title }));
}

function choice(kind, document, words) {
  const input = el("input", { type: "radio", name: "of", value: `${kind} ${document ?? ""}`, dataset: { kind, document: document ?? "" } });
  $("#of-choices").append(el("label", { class: "check" }, input, " ", words));
  return input;
}

let typing;
$("#of-words").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => attempt(async () => {
    const words = $("#of-words").value.trim();
    const { documents } = words ? await api(`/admin/documents?${new URLSearchParams({ words })}`) : { documents: [] };
    $("#of-found").replaceChildren(...documents.slice(0, 8).map((each) => el("button", { type: "button", onclick: () => choose(each) }, `《${each.title}》`)),
      words && !documents.length ? t("documents_none") : "");
  }), 250);
});

function choose(document) {
  $("#of-choices").replaceChildren();
  choice("new", null, t("of_new"));
  offer(document.id, document.title);
  $('#of-choices input[data-kind="correction"]').checked = true;
  $("#of-choices input:checked").focus();
}

$("#of").addEventListener("submit", (event) => {
  event.preventDefault();
  const { kind, document } = $("#of-choices input:checked").dataset;
  act("of", { kind, document: document || null }, () => t("of_done"));
});

// ---- what is said of it

function drawAbout(open) {
  if (!version.metadata) return;
  drawFields($("#metadata .fields"), version.metadata, version.read, !open || version.state === "held");
  $("#metadata button").hidden = !open || version.state === "held";
}

$("#metadata").addEventListener("submit", (event) => {
  event.preventDefault();
  act("metadata", metadataOf(event.target), () => t("about_saved"));
});

// ---- what changed, and what that changes

async function refreshDifference() {
  const compared = version.clauses && (version.document_id || version.successor_of || version.proposal);
  $("#difference-panel").hidden = !compared;
  if (!compared) return;
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

$("#more").addEventListener("click", () => { shown += PAGE; drawMore(); });
$("#effects-do").addEventListener("click", rehearse);

/** Try what publishing would change; done without asking when the page opens, so that nobody publishes unseeing. */
function rehearse() {
  trial = effects();
  return trial;
}

/** Draw what publishing would change; the golden questions that would go wrong, none where it could not be tried. */
async function effects() {
  const place = $("#effects");
  place.replaceChildren(el("p", { class: "muted" }, t("effects_working")));
  try {
    const found = await api(`${at}/effects`);
    place.replaceChildren(...drawEffects(found));
    return found.golden.changed.filter((each) => each.after.problem && !each.before.problem);
  } catch (error) {
    place.replaceChildren(el("p", { class: "problem" }, error.message));
    return [];
  }
}

/** Whether publishing is wanted although golden questions would be answered wrongly; waits for the trial under way. */
async function sure() {
  const worse = await (trial ?? rehearse());
  if (!worse.length) return true;
  $("#worse").replaceChildren(...worse.map((each) => el("li", {}, each.question, el("div", { class: "muted small" }, each.after.problem))));
  return Boolean(await ask($("#worse-dialog")));
}

// ---- its clauses beside the original

function drawClauses() {
  const clauses = version.clauses ?? [];
  $("#clauses-count").textContent = clauses.length;
  $("#beside").classList.toggle("alone", !clauses.length);
  if (drawnSheet !== settings.version) $("#original").show(settings.sheet, version.text ?? "");
  drawnSheet = settings.version;
  $("#clauses").replaceChildren(...clauses.map((clause) => el("button", { type: "button", class: "clause", "aria-pressed": "false", onclick: (event) => turnTo(event.currentTarget, clause) },
    el("span", { class: "clause-path" }, clause.locator, clause.page ? ` · ${t("page_n", { n: clause.page })}` : ""), el("span", { class: "clause-text" }, clause.text))));
}

function turnTo(button, clause) {
  for (const other of document.querySelectorAll('.clause[aria-pressed="true"]')) other.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", "true");
  $("#original").point(clause);
}

// ---- publishing

function drawDecision(open) {
  const mine = [version.created_by, version.asked_by, ...version.edited_by].includes(settings.account);
  const waits = version.awaits_approval;
  const why = !open ? "why_over" : version.state === "held" ? "why_held" : version.needs_confirmation ? "why_unsure" : waits ? (mine ? "why_own" : "why_waiting")
    : version.state === "scheduled" ? "why_scheduled" : settings.second_person && !version.approved_by ? "why_second" : "";
  $("#decision-why").textContent = why ? t(why, { name: version.people.asked_by ?? "", day: version.publish_on ?? "" }) : "";
  const blocked = !open || version.state === "held" || version.needs_confirmation;
  $("#publish-do").hidden = blocked || waits;
  $("#publish-do").textContent = t(settings.second_person && !version.approved_by ? "publish_ask" : "publish_now");
  $("#on-label").hidden = blocked || waits;
  $("#approve").hidden = !waits || mine;
  $("#withdraw").hidden = !open;
  $("#publish").hidden = !open;
}

$("#publish").addEventListener("submit", (event) => {
  event.preventDefault();
  decide("publish", { on: $("#on").value || null });
});
$("#approve").addEventListener("click", () => decide("approve", {}));
$("#withdraw").addEventListener("click", async () => {
  if (await ask($("#withdraw-dialog"))) await act("withdraw", {}, () => t("withdrawn"));
});

/** Publish or approve, once what that changes has been tried and is wanted. */
async function decide(what, body) {
  if (await busy($("#publish"), sure)) await act(what, body, outcome);
}

function outcome(done) {
  if (done.state === "published") return t("published");
  return done.state === "scheduled" ? t("scheduled", { day: done.publish_on }) : t(done.awaits_approval ? "asked" : "approved");
}

/** What the work comes to, with no button of the place to press meanwhile. */
async function busy(place, work) {
  const buttons = [...place.querySelectorAll("button")].filter((button) => !button.disabled);
  for (const button of buttons) button.disabled = true;
  try {
    return await work();
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

/** Do something to the version, say how it went, and draw everything anew. */
async function act(what, body, say) {
  let done;
  const well = await busy($("#main"), () => attempt(async () => { done = await api(`${at}/${what}`, body); }));
  if (well) notify(say(done), "good");
  trial = undefined;
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
