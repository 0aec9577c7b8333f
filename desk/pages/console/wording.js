// How the console calls an applicant and says how long he has waited.

import { t } from "../shared/texts.js";

/** @import { Ticket } from "../types" */

/** @param {Ticket} ticket */
export function nameOf({ applicant, conversation_id: id }) {
  return applicant || t("applicant_unnamed", { n: id.slice(0, 4) });
}

/**
 * How long somebody has waited since `iso`, as a sentence.
 * @param {string} iso
 */
export function waiting(iso) {
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(iso).getTime()) / 60000));
  if (minutes < 1) return t("just_now");
  return minutes < 90 ? t("minutes", { n: minutes }) : t("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
