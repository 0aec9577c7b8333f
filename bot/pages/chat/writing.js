// The field an applicant writes in: as high as its text, and no longer than a message may be.

import { $ } from "../shared/elements.js";
import { t } from "./texts.js";

const field = $("#text", HTMLTextAreaElement);
const hint = $("#hint");
const send = $("#send", HTMLButtonElement);
const longest = Number(document.body.dataset.longest); // characters
const IME = 229; // the key code of Enter that only picks a candidate of the Chinese input method

/** @param {string} text */
export function setText(text) {
  field.value = text;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
  const length = [...text].length;
  hint.textContent = length > longest ? t("too_long", { length, limit: longest }) : t("hint");
  hint.classList.toggle("warning", length > longest);
  send.disabled = length > longest;
}

/** What is written there now. */
export function written() {
  return field.value;
}

/** @param {(text: string) => void} say */
export function offerWriting(say) {
  const submit = () => {
    if (send.disabled) return;
    say(field.value);
    setText("");
  };
  $("#form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", () => setText(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === IME) return;
    event.preventDefault();
    submit();
  });
}
