// Who came into the queue is announced: in the title, by a notice, and by a sound where that is wanted.

import { $ } from "../shared/elements.js";
import { notify } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { keep, kept } from "./kept.js";

/** @import { Ticket } from "../types" */

const title = document.title;
/** @type {Set<string> | null} who was in the queue when last looked at, and how urgent */
let known = null;

/**
 * Announce who is new in the queue, or more urgent than before.
 * @param {Ticket[]} queue
 */
export function announceNew(queue) {
  const before = known;
  known = new Set(queue.map(urgency));
  document.title = (queue.length ? t("new_title", { n: queue.length }) : "") + title;
  const fresh = before ? queue.filter((ticket) => !before.has(urgency(ticket))) : [];
  if (!fresh.length) return;
  const emergency = fresh.find((ticket) => ticket.priority === "emergency");
  if (emergency) notify(`${t("priority_emergency")}：${emergency.priority_reason}`, "bad");
  else notify(t("new_ticket"));
  if (kept("sound")) chime();
}

/** @param {Ticket} ticket */
function urgency({ id, priority }) {
  return id + priority;
}

function chime() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  tone.frequency.value = 660;
  loudness.gain.setValueAtTime(0.12, audio.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5);
  tone.connect(loudness).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.5);
  tone.onended = () => audio.close();
}

const sound = $("#sound");
sound.setAttribute("aria-pressed", String(Boolean(kept("sound"))));
sound.addEventListener("click", () => {
  keep("sound", kept("sound") ? null : true);
  sound.setAttribute("aria-pressed", String(Boolean(kept("sound"))));
  if (kept("sound")) chime();
});
