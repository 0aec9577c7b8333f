// Whether the end of the conversation is being read, and the way there.

import { $ } from "../shared/elements.js";

const NEAR = 120; // pixels from the end that still count as reading the end
const box = $("#scroller");
const newer = $("#newer");

export function atEnd() {
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
}

export function toEnd() {
  box.scrollTop = box.scrollHeight;
  newer.hidden = true;
}

/** Offer the way to the end: something is new there. */
export function offerEnd() {
  newer.hidden = false;
}

/**
 * Change how everything looks without losing the end of the conversation, if that is what is being read.
 * @param {() => void} change
 */
export function keepingEnd(change) {
  const reading = atEnd();
  change();
  if (reading) toEnd();
}

newer.addEventListener("click", toEnd);
box.addEventListener("scroll", () => atEnd() && (newer.hidden = true), { passive: true });
