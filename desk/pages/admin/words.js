// The words in use: the site's own, what conversations propose, and those that come with the program.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { attempt, notify, sentenceOf } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";
import { drawGolden } from "./effects.js";

/** @import { TextKey } from "../shared/texts.js" */
/** @import { WordEntry, WordProposal } from "../types" */
/** @typedef {Pick<WordEntry, "said" | "written">} Sides */

const PAGE = 20; // shipped entries drawn at a time
const form = $("#edit", HTMLFormElement);
const saidField = $("[name=said]", HTMLInputElement, form);
const writtenField = $("[name=written]", HTMLInputElement, form);
/** @type {WordEntry[]} */
let entries = [];
let editing = ""; // the id of the entry in the form, "" for a new one
let mined = false; // the form holds a proposal
let shown = PAGE;

async function refresh() {
  /** @type {{ entries: WordEntry[] }} */
  const told = await api("/admin/words/list");
  entries = told.entries;
  const own = entries.filter((each) => each.origin !== "shipped").reverse();
  $("#own-count").textContent = String(own.length);
  $("#own-empty").hidden = own.length > 0;
  $("table.wording").hidden = own.length === 0;
  $("#own").replaceChildren(...own.map(drawOwn));
  drawShipped();
}

function drawShipped() {
  const wanted = $("#filter", HTMLInputElement).value.trim().toLowerCase();
  const found = entries
    .filter(
      (each) => each.origin === "shipped" && [...each.said, ...each.written].some((word) => word.includes(wanted)),
    )
    .sort((one, other) => Number(one.state === "on") - Number(other.state === "on"));
  $("#shipped-count").textContent = String(found.length);
  $("#shipped").replaceChildren(...found.slice(0, shown).map((each) => drawEntry(each, [drawSwitch(each)])));
  $("#more").hidden = found.length <= shown;
}

/** @param {WordEntry} entry */
function drawOwn(entry) {
  return drawEntry(entry, [
    action("wording_edit", entry, () => edit(entry, entry.id)),
    drawSwitch(entry),
    action("golden_delete", entry, () => remove(entry), "danger"),
  ]);
}

/**
 * @param {WordEntry} entry
 * @param {HTMLElement[]} buttons
 */
function drawEntry({ said, written, origin, state, changed_by: by, changed_at: at }, buttons) {
  const who = [t(`origin_${origin}`), by, at ? moment(at) : ""].filter(Boolean).join(" · ");
  const off = state === "off" && el("span", { class: "chip off" }, t("wording_off"));
  return el(
    "tr",
    { class: state },
    el("td", {}, said.join(" ")),
    el("td", {}, written.join(" ")),
    el("td", { class: "muted small" }, off, " ", who),
    el("td", {}, el("div", { class: "row" }, buttons)),
  );
}

/**
 * A button that does something with words, which it names to screen readers.
 * @param {TextKey} label
 * @param {Sides} sides
 * @param {() => unknown} onclick
 * @param {string} [style]
 */
function action(label, { said }, onclick, style = "") {
  const name = `${t(label)} ${said.join(" ")}`;
  return el("button", { type: "button", class: style, "aria-label": name, onclick }, t(label));
}

/** @param {WordEntry} entry */
function drawSwitch(entry) {
  const on = entry.state === "off";
  const done = t(on ? "wording_is_on" : "wording_is_off");
  const label = on ? "wording_switch_on" : "wording_switch_off";
  return action(label, entry, () => change(`/${entry.id}/switch`, { on }, done));
}

/**
 * Put words into the form.
 * @param {Sides} sides
 * @param {string} [id] of the entry they are of
 */
function edit({ said, written }, id = "") {
  editing = id;
  saidField.value = said.join(" ");
  writtenField.value = written.join(" ");
  $("#edit-title").textContent = t(id ? "wording_edit_title" : "wording_add_title");
  $("#save").textContent = t(id ? "save" : "wording_add");
  $("#stop").hidden = !id && !mined;
  $("#tried").hidden = true;
  saidField.focus();
}

function clear() {
  mined = false;
  form.reset();
  edit({ said: [], written: [] });
}

/**
 * Change something; words that no document holds are named. Whether it went well.
 * @param {string} path below /admin/words
 * @param {object} body
 * @param {string} done
 */
async function change(path, body, done) {
  /** @type {string[]} */
  let unheld = [];
  const well = await attempt(async () => {
    /** @type {WordEntry} */
    const made = await api(`/admin/words${path}`, body);
    unheld = made.unheld ?? [];
  });
  if (well) notify(done, "good");
  if (unheld.length && !path.endsWith("/switch")) notify(t("wording_unheld", { words: unheld.join("、") }));
  await attempt(refresh);
  return well;
}

/** @param {WordEntry} entry */
async function remove({ id }) {
  await change(`/${id}/remove`, {}, t("golden_removed"));
  if (editing === id) clear();
}

/** The words in the form. @returns {Sides} */
const given = () => ({ said: [saidField.value], written: [writtenField.value] });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wasMined = mined;
  if (!(await change(editing && `/${editing}`, { ...given(), mined }, t("wording_saved")))) return;
  clear();
  if (wasMined) await attempt(mine);
});

$("#try").addEventListener("click", async () => {
  const place = $("#tried");
  if (!form.reportValidity()) return;
  place.hidden = false;
  place.replaceChildren(el("p", { class: "muted" }, t("effects_working")));
  try {
    place.replaceChildren(...drawGolden(await api("/admin/words/try", { ...given(), id: editing })));
  } catch (error) {
    place.replaceChildren(el("p", { class: "problem" }, sentenceOf(error)));
  }
});

$("#stop").addEventListener("click", clear);
$("#filter").addEventListener("input", () => {
  shown = PAGE;
  drawShipped();
});
$("#more").addEventListener("click", () => {
  shown += 5 * PAGE;
  drawShipped();
});

// ---- what conversations propose

async function mine() {
  /** @type {{ proposals: WordProposal[] }} */
  const { proposals } = await api("/admin/words/proposals");
  $("#mined").replaceChildren(...proposals.map(drawProposal));
  $("#mined-empty").hidden = proposals.length > 0;
}

/** @param {WordProposal} proposal */
function drawProposal({ said, written, applicants }) {
  const sides = { said: [said], written };
  return el(
    "li",
    { class: "version" },
    el("p", {}, el("strong", {}, said), " → ", written.join(" ")),
    el("p", { class: "muted small" }, t("mined_from", { n: applicants })),
    el(
      "p",
      { class: "row" },
      action("mined_accept", sides, () => decide("", { ...sides, mined: true }, t("wording_saved")), "primary"),
      action("wording_edit", sides, () => editProposal(sides)),
      action("mined_reject", sides, () => decide("/reject", sides, t("mined_rejected"))),
    ),
  );
}

/** @param {Sides} sides */
function editProposal(sides) {
  mined = true;
  edit(sides);
}

/**
 * @param {string} path
 * @param {object} body
 * @param {string} done
 */
async function decide(path, body, done) {
  await change(path, body, done);
  await attempt(mine);
}

$("#mine").addEventListener("click", async () => {
  const button = $("#mine", HTMLButtonElement);
  button.disabled = true;
  await attempt(mine);
  button.disabled = false;
});

live({ onOpen: () => attempt(refresh), onHint: (topic) => topic === "words" && attempt(refresh) });
