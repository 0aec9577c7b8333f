// One document: what is said of it, its versions, the way back to the version before.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { live } from "../shared/live.js";
import { ask, attempt, notify } from "../shared/notices.js";
import { settings } from "../shared/settings.js";
import { t } from "../shared/texts.js";
import { moment } from "../shared/times.js";
import { drawFields, metadataOf } from "./metadata.js";
import { stateChip } from "./versions.js";

/** @import { LiveDocument, Version } from "../types" */

/** @type {{ document: string, live: boolean, locked: boolean }} `locked` where a second person has to agree */
const { document: id, live: wasLive, locked } = settings();
const at = `/admin/documents/${id}`;
const form = $("#metadata", HTMLFormElement);

async function refresh() {
  /** @type {{ versions: Version[] }} */
  const { versions } = await api(`${at}/versions`);
  const published = versions.some((each) => each.document_id === id && each.state === "published");
  const answers = published || (versions.length === 0 && wasLive);
  drawHistory(versions, answers);
  $("#about").hidden = !answers;
  const read = () => el("a", { class: "button", href: `/documents/${id}`, target: "_blank" }, t("read_document"));
  $("#links").replaceChildren(...(answers ? [read()] : []));
  if (answers) await refreshAbout();
}

async function refreshAbout() {
  /** @type {LiveDocument} */
  const { metadata, read, file, clauses, version } = await api(`${at}/about`);
  $("#title").textContent = metadata.title;
  $("#facts").textContent = [file, t("clauses_n", { n: clauses }), t("version_n", { n: version })].join(" · ");
  drawFields($("#metadata .fields"), metadata, read, locked);
  $("#metadata button").hidden = locked;
  if (locked) $("#about-why").textContent = t("about_locked");
}

/**
 * @param {Version[]} versions
 * @param {boolean} answers whether the document is answered from now
 */
function drawHistory(versions, answers) {
  const lived = versions.filter((each) => each.number > 0 && each.document_id === id);
  $("#remove").hidden = !answers;
  $("#roll-back").hidden = answers ? lived.length < 2 : lived.length === 0;
  const none = () => el("li", { class: "muted" }, t("history_none"));
  $("#history").replaceChildren(...(versions.length ? versions.map(drawVersion) : [none()]));
}

/** @param {Version} version */
function drawVersion(version) {
  const { state, number, title, file, created_at: made, published_at: published, people } = version;
  const told = [
    file,
    published ? t("published_at", { at: moment(published), name: people.published_by ?? t("system") }) : moment(made),
    people.approved_by ? t("approved_by", { name: people.approved_by }) : "",
  ];
  const name = number ? t("version_n", { n: number }) : t("version_draft");
  return el(
    "li",
    { class: state },
    el("p", {}, el("strong", {}, name), " ", stateChip(version), " ", title),
    el("p", { class: "muted small" }, told.filter(Boolean).join(" · ")),
    el("p", { class: "small" }, el("a", { href: `/admin/review/${version.id}` }, t("look_version"))),
  );
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await attempt(() => api(`${at}/metadata`, metadataOf(form)))) notify(t("about_saved"), "good");
  attempt(refreshAbout);
});
$("#roll-back").addEventListener("click", async () => {
  if (!(await ask("#roll-back-dialog"))) return;
  if (await attempt(() => api(`${at}/roll-back`, {}))) notify(t("rolled_back"), "good");
  attempt(refresh);
});
$("#remove").addEventListener("click", async () => {
  $("#remove-what").textContent = $("#title").textContent;
  if (!(await ask("#remove-dialog"))) return;
  if (await attempt(() => api(`${at}/remove`, {}))) notify(t("removed"), "good");
  attempt(refresh);
});

const look = () => document.activeElement?.closest("form") || attempt(refresh);
live({ onOpen: look, onHint: (topic) => topic === "documents" && look() });
