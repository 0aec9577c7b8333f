// The applicant is asked before anything is shared; looking changes nothing.

import { api } from "../shared/api.js";
import { $ } from "../shared/elements.js";
import { attempt } from "../shared/notices.js";

/** @import { RoomSettings } from "../types" */

const dialog = $("#consent", HTMLDialogElement);

/**
 * Ask; whether he agreed. What the server answers goes into `settings`.
 * @param {RoomSettings} settings
 * @param {() => boolean} over whether the room has ended meanwhile
 * @returns {Promise<boolean>}
 */
export function consented(settings, over) {
  let decided = false;
  return new Promise((resolve) => {
    /** @param {"consent" | "decline"} answer */
    const decide = (answer) =>
      attempt(async () => {
        Object.assign(settings, await api(`${location.pathname}/${answer}`, {}));
        decided = true;
        dialog.close();
        resolve(answer === "consent");
      });
    dialog.addEventListener("close", () => decided || over() || dialog.showModal()); // Escape is no answer
    $("#agree").addEventListener("click", () => decide("consent"));
    $("#decline").addEventListener("click", () => decide("decline"));
    dialog.showModal();
  });
}

/** The room has ended: there is nothing to ask any more. */
export function closeConsent() {
  if (dialog.open) dialog.close();
}
