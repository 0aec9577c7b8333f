// One document: what is said of it, its versions, the way back to the version before.

import { $, api, ask, attempt, el, live, moment, notify, t } from "/desk/assets/common.js";
import { drawFields, metadataOf } from "/desk/assets/metadata.js";
import { stateChip } from "/desk/assets/versions.js";

const settings = JSON.parse($("#settings").textContent);
const at = `/admin/documents/${settings.document}`;
let live_ = settings.live;

async function refresh() {
  const { versions } = await api(`${at}/versions`);
  live_ = versions.some((each) => each.document_id === settings.document && each.state === "published") || (versions.length === 0 && settings.live);
  drawHistory(versions);
  $("#metadata").closest("section").hidden = !live_;
  $("#links").replaceChildren(...(live_ ? [el("a", { class: "button", href: `/documents/${settings.document}`, target: "_blank" }, t("read_document"))] : []));
  if (live_) await refreshAbout();
}

async function refreshAbout() {
  const told = await api(at);
  $("#title").textContent = told.metadata.title;
  $("#facts").textContent = [told.file, t("clauses_n", { n: told.clauses }), t("version_n", { n: told.version })].join(" · ");
  drawFields($("#metadata .fields"), told.metadata, told.read, settings.locked);
  $("#metadata button").hidden = settings.locked;
  if (settings.locked) $("#about-why").textContent = t("about_locked");
}

function drawHistory(versions) {
  const lived = versions.filter((each) => each.number > 0 && each.document_id === settings.document);
  $("#remove").hidden = !live_;
  $("#roll-back").hidden = live_ ? lived.length < 2 : lived.length === 0;
  $("#history").replaceChildren(...(versions.length ? versions.map(drawVersion) : [el("li", { class: "muted" }, t("history_none"))]));
}

function drawVersion(each) {
  const told = [
    each.published_at ? t("published_at", { at: moment(each.published_at), name: each.people.published_by ?? t("system") }) : moment(each.created_at),
    each.people.approved_by ? t("approved_by", { name: each.people.approved_by }) : "",
  ];
  return el("li", { class: each.state },
    el("p", {}, el("strong", {}, each.number ? t("version_n", { n: each.number }) : t("version_draft")), " ", stateChip(each), " ", each.title),
    el("p", { class: "muted small" }, [each.file, ...told].filter(Boolean).join(" · ")),
    el("p", { class: "small" }, el("a", { href: `/admin/review/${each.id}` }, t("look_version"))));
}

$("#metadata").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await attempt(() => api(`${at}/metadata`, metadataOf(event.target)))) notify(t("about_saved"), "good");
  attempt(refreshAbout);
});
$("#roll-back").addEventListener("click", async () => {
  if (!await ask($("#roll-back-dialog"))) return;
  if (await attempt(() => api(`${at}/roll-back`, {}))) notify(t("rolled_back"), "good");
  attempt(refresh);
});
$("#remove").addEventListener("click", async () => {
  $("#remove-what").textContent = $("#title").textContent;
  if (!await ask($("#remove-dialog"))) return;
  if (await attempt(() => api(`${at}/remove`, {}))) notify(t("removed"), "good");
  attempt(refresh);
});

const look = () => document.activeElement?.closest("form") || attempt(refresh);
live({ onOpen: look, onHint: (topic) => topic === "documents" && look() });
