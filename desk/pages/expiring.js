// Documents about to end are announced: how many, the first few, and where the rest are.

import { $, api, el, t } from "/desk/assets/common.js";

const NAMED = 3;

/** Fill the announcement of the page with what ends within 60 days; hidden where nothing does. */
export async function announceExpiring() {
  const place = $("#expiring");
  const { documents, total } = await api("/admin/documents?shelf=expiring");
  place.hidden = total === 0;
  if (!total) return;
  const named = documents.slice(0, NAMED).map((each) => el("a", { href: each.page, target: "_blank" }, `《${each.title}》`));
  place.replaceChildren(
    el("strong", {}, t("expiring_count", { n: total })), " ",
    ...named.flatMap((link, place_) => [link, t("expiring_on", { day: last(documents[place_]) })]),
    " ", el("a", { href: "/admin/library?shelf=expiring" }, t("expiring_all")));
}

/** The last day a document is in force. */
export function last({ expires_on: expires, repealed_on: repealed }) {
  if (!repealed || (expires && expires < repealed)) return expires;
  const day = new Date(`${repealed}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}
