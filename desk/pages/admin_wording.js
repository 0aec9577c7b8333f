// The words in use: the site's own, what conversations propose, and those that come with the program.

import { $, api, attempt, el, live, moment, notify, t } from "/desk/assets/common.js";
import { drawGolden } from "/desk/assets/effects.js";

const PAGE = 20; // shipped entries drawn at a time
const form = $("#edit");
let entries = [];
let editing = ""; // the id of the entry in the form, "" for a new one
let mined = false; // the form holds a proposal
let shown = PAGE;

async function refresh() {
  ({ entries } = await api("/admin/words"));
  draw();
}

function draw() {
  const own = entries.filter((each) => each.origin !== "shipped").reverse();
  $("#own-count").textContent = own.length;
  $("#own-empty").hidden = own.length > 0;
  $("table.wording").hidden = own.length === 0;
  $("#own").replaceChildren(...own.map((each) => drawEntry(each, [action("wording_edit", each, () => fill(each.said, each.written, each.id)), drawSwitch(each), action("golden_delete", each, () => remove(each), "danger")])));
  drawShipped();
}

function drawShipped() {
  const wanted = $("#filter").value.trim().toLowerCase();
  const found = entries.filter((each) => each.origin === "shipped" && [...each.said, ...each.written].some((word) => word.includes(wanted)))
    .sort((one, other) => (one.state === "on") - (other.state === "on"));
  $("#shipped-count").textContent = found.length;
  $("#shipped").replaceChildren(...found.slice(0, shown).map((each) => drawEntry(each, [drawSwitch(each)])));
  $("#more").hidden = found.length <= shown;
}

function drawEntry(each, buttons) {
  const who = [t(`origin_${each.origin}`), each.changed_by, each.changed_at ? moment(each.changed_at) : ""].filter(Boolean).join(" · ");
  return el("tr", { class: each.state },
    el("td", {}, each.said.join(" ")), el("td", {}, each.written.join(" ")),
    el("td", { class: "muted small" }, each.state === "off" ? el("span", { class: "chip off" }, t("wording_off")) : "", " ", who),
    el("td", {}, el("div", { class: "row" }, buttons)));
}

function action(word, each, onclick, style = "") {
  return el("button", { type: "button", class: style, "aria-label": `${t(word)} ${each.said.join(" ")}`, onclick }, t(word));
}

function drawSwitch(each) {
  const on = each.state === "off";
  return action(on ? "wording_switch_on" : "wording_switch_off", each, () => change(`${each.id}/switch`, { on }, t(on ? "wording_is_on" : "wording_is_off")));
}

function fill(said, written, id = "") {
  editing = id;
  form.said.value = said.join(" ");
  form.written.value = written.join(" ");
  $("#edit-title").textContent = t(id ? "wording_edit_title" : "wording_add_title");
  $("#save").textContent = t(id ? "save" : "wording_add");
  $("#stop").hidden = !id && !mined;
  $("#tried").hidden = true;
  form.said.focus();
}

function clear() {
  mined = false;
  form.reset();
  fill([], []);
}

/** Change something; words that no document holds are named. Whether it went well. */
async function change(path, body, done) {
  let made;
  const well = await attempt(async () => { made = await api(path ? `/admin/words/${path}` : "/admin/words", body); });
  if (well) notify(done, "good");
  if (made?.unheld?.length && !path.endsWith("/switch")) notify(t("wording_unheld", { words: made.unheld.join("、") }));
  await attempt(refresh);
  return well;
}

async function remove(each) {
  await change(`${each.id}/remove`, {}, t("golden_removed"));
  if (editing === each.id) clear();
}

const given = () => ({ said: [form.said.value], written: [form.written.value] });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wasMined = mined;
  if (!await change(editing, { ...given(), mined }, t("wording_saved"))) return;
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
    place.replaceChildren(el("p", { class: "problem" }, error.message));
  }
});

$("#stop").addEventListener("click", clear);
$("#filter").addEventListener("input", () => { shown = PAGE; drawShipped(); });
$("#more").addEventListener("click", () => { shown += 5 * PAGE; drawShipped(); });

// ---- what conversations propose

async function mine() {
  const { proposals } = await api("/admin/words/proposals");
  $("#mined").replaceChildren(...proposals.map(drawProposal));
  $("#mined-empty").hidden = proposals.length > 0;
}

function drawProposal(each) {
  const words = { said: [each.said], written: each.written };
  return el("li", { class: "version" },
    el("p", {}, el("strong", {}, each.said), " → ", each.written.join(" ")),
    el("p", { class: "muted small" }, t("mined_from", { n: each.applicants })),
    el("p", { class: "row" },
      action("mined_accept", words, async () => { await change("", { ...words, mined: true }, t("wording_saved")); await attempt(mine); }, "primary"),
      action("wording_edit", words, () => { mined = true; fill(words.said, words.written); }),
      action("mined_reject", words, async () => { await change("reject", words, t("mined_rejected")); await attempt(mine); })));
}

$("#mine").addEventListener("click", async () => {
  $("#mine").disabled = true;
  await attempt(mine);
  $("#mine").disabled = false;
});

live({ onOpen: () => attempt(refresh), onHint: (topic) => topic === "words" && attempt(refresh) });
