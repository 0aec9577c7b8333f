// Moments and days as a person reads them, in the language of the page. Served to the applicant's pages, too.

import { english } from "./sentences.js";

/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "2-digit", minute: "2-digit", hour12: false };
/** @type {Intl.DateTimeFormatOptions} */
const DAY_AND_CLOCK = { month: "numeric", day: "numeric", ...CLOCK };
/** @type {Intl.DateTimeFormatOptions} */
const DAY = { year: "numeric", month: "long", day: "numeric" };

/** @param {Date} at  @param {Intl.DateTimeFormatOptions} format */
const written = (at, format) => new Intl.DateTimeFormat(english() ? "en-GB" : "zh-CN", format).format(at);

/** Whether two moments are of one day, as this device counts days. @param {Date} one  @param {Date} [other] */
export function sameDay(one, other = new Date()) {
  return one.toDateString() === other.toDateString();
}

/** "09:30". @param {Date} at */
export function clock(at) {
  return written(at, CLOCK);
}

/** "2026年11月19日", or 19 November 2026. @param {Date} at */
export function day(at) {
  return written(at, DAY);
}

/** The same of "2026-11-19"; the text itself where it is no date. @param {string} text */
export function spokenDay(text) {
  const at = new Date(`${text}T00:00:00`);
  return Number.isNaN(at.valueOf()) ? text : day(at);
}

/** A moment: the clock for today, the day as well otherwise. @param {string} iso */
export function moment(iso) {
  const at = new Date(iso);
  return sameDay(at) ? clock(at) : written(at, DAY_AND_CLOCK);
}
