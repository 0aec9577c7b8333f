// Answers given, the newest first: what was asked, what was said, and how sure it was.

import { $, api, attempt, el, live, moment, t } from "/desk/assets/common.js";

const KINDS = ["", "answer", "abstention", "clarification"];
let kind = "";
let next = 0;

async function look(before = 0) {
  const found = await api(`/admin/given?${new URLSearchParams({ kind, before })}`);
  next = found.next;
  const drawn = found.answers.map(draw);
  if (before) $("#answers").append(...drawn);
  else $("#answers").replaceChildren(...drawn);
  $("#answers-empty").hidden = Boolean(before) || drawn.length > 0;
  $("#more").hidden = !next;
  $("#kinds").replaceChildren(...KINDS.map((each) => el("button", { type: "button", "aria-pressed": String(each === kind), onclick: () => { kind = each; attempt(look); } }, t(`answers_${each || "all"}`))));
}

function draw({ message_id: id, question, text, record, answered_at: at, citations }) {
  const sure = t("confidence", { p: Math.round(record.confidence * 100) });
  const cited = record.kind === "answer" && citations.length ? `《${citations[0].title}》${citations[0].locator}` : "";
  return el("li", { class: "version" },
    el("p", { class: "draft-head" }, el("a", { href: `/admin/answers/${id}` }, question || t("answers_no_question")), el("span", { class: `chip kind-${record.kind}` }, t(`answers_${record.kind}`))),
    el("p", { class: "excerpt" }, text),
    el("p", { class: "muted small" }, [moment(at), sure, cited].filter(Boolean).join(" · ")));
}

$("#more").addEventListener("click", () => attempt(() => look(next)));

live({ onOpen: () => attempt(look), onHint: () => {} });
