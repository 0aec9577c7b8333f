// Documents about to end are announced: how many, the first few, and where the rest are.

import { api } from "../shared/api.js";
import { $, el } from "../shared/elements.js";
import { t } from "../shared/texts.js";

/** @import { Listing, PolicyDocument } from "../types" */

const NAMED = 3;

/** Fill the announcement of the page with what ends within 60 days; hidden where nothing does. */
export async function announceExpiring() {
  const place = $("#expiring");
  /** @type {Listing} */
  const { documents, total } = await api("/admin/documents/list?shelf=expiring");
  place.hidden = total === 0;
  if (!total) return;
  const named = documents
    .slice(0, NAMED)
    .flatMap((each) => [
      el("a", { href: each.page, target: "_blank" }, `《${each.title}》`),
      t("expiring_on", { day: last(each) }),
    ]);
  const all = el("a", { href: "/admin/documents?shelf=expiring" }, t("expiring_all"));
  place.replaceChildren(el("strong", {}, t("expiring_count", { n: total })), " ", ...named, " ", all);
}

/** The last day a document is in force. @param {PolicyDocument} document */
export function last({ expires_on: expires, repealed_on: repealed }) {
  if (!repealed || (expires && expires < repealed)) return expires;
  const day = new Date(`${repealed}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}
