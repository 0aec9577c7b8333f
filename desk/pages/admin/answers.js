// Answers given, the newest first: what was asked, what was said, and how sure it was.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { attempt } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";

/** @import { OutcomeKind } from "../messages" */
/** @import { GivenAnswer } from "../types" */

/** @type {(OutcomeKind | "all")[]} */
const KINDS = ["all", "answer", "abstention", "clarification"];
/** @type {OutcomeKind | "all"} */
let kind = "all";
let next = 0; // the id before which the next page begins, 0 where there is none

async function look(before = 0) {
  const query = new URLSearchParams({ kind: kind === "all" ? "" : kind, before: String(before) });
  /** @type {{ answers: GivenAnswer[], next: number }} */
  const found = await api(`/admin/answers/list?${query}`);
  next = found.next;
  const drawn = found.answers.map(draw);
  if (before) $("#answers").append(...drawn);
  else $("#answers").replaceChildren(...drawn);
  $("#answers-empty").hidden = Boolean(before) || drawn.length > 0;
  $("#more").hidden = !next;
  $("#kinds").replaceChildren(...KINDS.map(drawKind));
}

/** @param {OutcomeKind | "all"} each */
function drawKind(each) {
  const choose = () => {
    kind = each;
    attempt(look);
  };
  const pressed = String(each === kind);
  return el("button", { type: "button", "aria-pressed": pressed, onclick: choose }, t(`answers_${each}`));
}

/** @param {GivenAnswer} answer */
function draw({ message_id: id, question, text, record, answered_at: at, citations }) {
  const sure = t("confidence", { p: Math.round(record.confidence * 100) });
  const [first] = record.kind === "answer" ? citations : [];
  const cited = first ? `《${first.title}》${first.locator}` : "";
  return el(
    "li",
    { class: "version" },
    el(
      "p",
      { class: "draft-head" },
      el("a", { href: `/admin/answers/${id}` }, question || t("answers_no_question")),
      el("span", { class: `chip kind-${record.kind}` }, t(`answers_${record.kind}`)),
    ),
    el("p", { class: "excerpt" }, text),
    el("p", { class: "muted small" }, [moment(at), sure, cited].filter(Boolean).join(" · ")),
  );
}

$("#more").addEventListener("click", () => attempt(() => look(next)));

live({ onOpen: () => attempt(look) });
