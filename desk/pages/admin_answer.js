// One answer given: what it rested on then, and what the same question comes to today.

import { $, api, attempt, el, live, moment, t } from "/desk/assets/common.js";
import { drawCitations } from "/desk/assets/messages.js";

const { message: id } = JSON.parse($("#settings").textContent);
const EVIDENCE = "evidence_";

async function look() {
  const { question, text, citations, record, answered_at: at } = await api(`/admin/given/${id}`);
  $("#question").textContent = question || t("answers_no_question");
  $("#facts").replaceChildren(el("span", { class: `chip kind-${record.kind}` }, t(`answers_${record.kind}`)), el("span", {}, [moment(at), t("confidence", { p: Math.round(record.confidence * 100) }), t("answer_number", { n: id })].join(" · ")));
  $("#text").textContent = text;
  $("#cited").replaceChildren(...(citations.length ? [drawCitations(citations, true)] : []));
  $("#golden").href = `/admin/questions?message=${id}`;
  drawRecord(record);
}

function drawRecord({ setup, day, as_of: asOf, passages, asked }) {
  const facts = { day, ...(asOf ? { as_of: asOf } : {}), ...setup, turns: asked.length };
  $("#setup").replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [el("dt", {}, t(`setup_${name}`)), el("dd", {}, value === "" ? "—" : String(value))]));
  $("#passages-region").hidden = passages.length === 0;
  $("#passages").replaceChildren(...passages.map((each) => el("tr", {},
    el("td", {}, el("code", {}, each.clause_id)), el("td", { class: "number" }, each.score.toFixed(3)),
    el("td", { class: "small" }, Object.entries(each.signals).filter(([name]) => name.startsWith(EVIDENCE)).map(([name, value]) => `${t(`signal_${name.slice(EVIDENCE.length)}`)} ${value.toFixed(2)}`).join(" · ")))));
}

$("#replay").addEventListener("click", async () => {
  const place = $("#replayed");
  place.replaceChildren(el("p", { class: "muted" }, t("asking")));
  try {
    place.replaceChildren(...drawReplay(await api(`/admin/given/${id}/replay`)));
  } catch (error) {
    place.replaceChildren(el("p", { class: "problem" }, error.message));
  }
});

function drawReplay(replay) {
  const lines = [
    ...replay.cited.map((each) => `《${each.title}》${each.locator}：${t(`fate_${each.fate}`)}${each.cited_now ? "" : t("replay_not_cited")}`),
    ...replay.new.map((place) => t("replay_new", { place })),
    ...replay.differs.map(({ what, then, now }) => t("replay_differs", { what: t(`differs_${what}`), then: value(what, then), now: value(what, now) })),
  ];
  return [
    el("p", { class: replay.same ? "good" : "warning" }, t(replay.same ? "replay_same" : "replay_other")),
    el("div", { class: "two" }, said(t("replay_then", { day: replay.day }), replay.text_then), said(t("replay_now"), replay.text_now)),
    el("ul", { class: "plain-list" }, lines.map((line) => el("li", {}, line))),
  ];
}

function value(what, given) {
  if (what === "kind") return t(`answers_${given}`);
  if (what === "reason" && given) return t(`abstained_${given}`);
  return given === "" || given === null ? "—" : ["confidence", "score"].includes(what) ? given.toFixed(3) : String(given);
}

const said = (when, text) => el("div", {}, el("h4", {}, when), el("p", {}, text));

live({ onOpen: () => attempt(look), onHint: () => {} });
