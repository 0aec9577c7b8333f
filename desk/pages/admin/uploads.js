// Putting files in: sent one after the other, then read together; each with its progress, each to be left out.

import { api, csrfToken, Problem, problem } from "../shared/api.js";
import { sentenceOf } from "../shared/notices.js";
import { t } from "../shared/texts.js";
import { UploadRow } from "./upload_row.js";

/** @import { FileOutcome, IngestEvent, IngestReport } from "../types" */
/** @import { Found } from "./folders.js" */

/**
 * Where files are shown, how large one may be, and whom to tell: `onStage` of the whole (a sentence and a share in
 * [0, 1]), `onBusy` of begin and end.
 * @typedef {{
 *   list: HTMLElement,
 *   limit: { bytes: number, text: string },
 *   onStage: (sentence: string, share?: number | null) => void,
 *   onBusy: (working: boolean) => void,
 * }} Place
 */

const TOGETHER = 200; // files read in one run
const NOTHING = { drafts: 0, unchanged: 0, failed: 0, held: 0, clauses: 0, seconds: 0 };

/**
 * Send a file; resolves with the name it was stored under.
 * @param {File} file
 * @param {string} folder
 * @param {(share: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<string>}
 */
function send(file, folder, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells no progress
    request.open("POST", `/admin/files?${new URLSearchParams({ name: file.name, folder })}`);
    request.setRequestHeader("X-CSRF-Token", csrfToken);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Problem("network", t("upload_broken"), 0));
    request.onabort = () => reject(new Problem("cancelled", t("up_cancelled"), 0));
    request.onload = () => {
      if (request.status < 300) resolve(request.response.file);
      else reject(problem(request.response, request.status));
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/**
 * Have files already sent read; `onEvent` gets each event of the run.
 * @param {string[]} files
 * @param {(event: IngestEvent) => void} onEvent
 */
async function read(files, onEvent) {
  const response = await fetch("/admin/files/read", {
    method: "POST",
    body: JSON.stringify({ files }),
    headers: { "X-CSRF-Token": csrfToken, "Content-Type": "application/json" },
  });
  if (!response.ok || !response.body) throw problem(await response.json().catch(() => ({})), response.status);
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line) onEvent(JSON.parse(line));
  }
}

/** Takes files in, a batch at a time. */
export class PutIn {
  busy = false;
  sending = false;
  #place;
  #stopped = false;
  #queue = Promise.resolve();
  /** @type {string | null} the run under way */
  #run = null;
  /** @type {UploadRow | null} the file under way */
  #current = null;
  /** @type {typeof NOTHING | null} what came of this batch so far */
  #total = null;

  /** @param {Place} place */
  constructor(place) {
    this.#place = place;
  }

  /** Send and read these, after what is under way. @param {Found[]} items */
  take(items) {
    if (items.length) this.#after(() => this.#sendAll(items));
  }

  /** Read files that were sent before. @param {string[]} names */
  read(names) {
    const { list } = this.#place;
    const row = (/** @type {string} */ name) => new UploadRow({ file: { name }, folder: "" }, list, name);
    if (names.length) this.#after(() => this.#readAll(names.map(row)));
  }

  /** Stop: what is being sent is dropped, what is being read goes no further. */
  cancel() {
    this.#stopped = true;
    this.#current?.abort();
    if (this.#run) api(`/admin/files/read/${this.#run}/cancel`, {}).catch(() => {});
  }

  /** @param {() => Promise<void>} work */
  #after(work) {
    this.#queue = this.#queue.then(async () => {
      this.busy = true;
      this.#stopped = false;
      this.#total = null;
      this.#place.onBusy(true);
      await work().catch((error) => this.#place.onStage(sentenceOf(error)));
      this.busy = false;
      this.#place.onBusy(false);
    });
  }

  /** @param {Found[]} items */
  async #sendAll(items) {
    const rows = items.map((item) => ({ file: item.file, row: new UploadRow(item, this.#place.list) }));
    /** @type {UploadRow[]} */
    let stored = [];
    this.sending = true;
    for (const [place, { file, row }] of rows.entries()) {
      if (this.#stopped) row.abort();
      this.#place.onStage(t("sending_n", { done: place + 1, total: rows.length }), place / rows.length);
      if (await this.#sendOne(file, row)) stored.push(row);
      if (stored.length >= TOGETHER) {
        await this.#readAll(stored);
        stored = [];
      }
    }
    this.sending = false;
    if (stored.length) await this.#readAll(stored);
    else if (!this.#total) this.#place.onStage(t("nothing_sent"));
  }

  /**
   * Whether it was stored.
   * @param {File} file
   * @param {UploadRow} row
   */
  async #sendOne(file, row) {
    const { limit } = this.#place;
    this.#current = row;
    try {
      if (row.left) throw new Problem("cancelled", t("up_cancelled"), 0);
      if (file.size > limit.bytes) throw new Problem("too_large", t("too_big", { limit: limit.text }), 413);
      const progress = (/** @type {number} */ share) =>
        row.state(t("up_sending", { p: Math.round(share * 100) }), "", share);
      row.name = await send(file, row.item.folder, progress, row.signal);
      row.state(t("up_waiting"), "", null);
      return true;
    } catch (error) {
      row.fail(sentenceOf(error), error instanceof Problem && error.code === "cancelled");
      return false;
    } finally {
      this.#current = null;
    }
  }

  /** @param {UploadRow[]} rows */
  async #readAll(rows) {
    const names = rows.map((row) => row.name);
    for (const row of rows) row.state(t("up_reading"), "", null);
    try {
      await read(names, (event) => this.#hear(event, rows));
    } catch (error) {
      for (const row of rows.filter((each) => !each.settled)) row.fail(sentenceOf(error));
    } finally {
      this.#run = null;
    }
  }

  /**
   * @param {IngestEvent} event
   * @param {UploadRow[]} rows
   */
  #hear(event, rows) {
    if (event.event === "run") this.#run = event.run;
    if (event.event === "error") throw new Problem("problem", event.message, 500);
    if (event.event === "progress") this.#progress(event, rows);
    if (event.event === "report") this.#report(event, rows);
  }

  /**
   * @param {Extract<IngestEvent, { event: "progress" }>} event
   * @param {UploadRow[]} rows
   */
  #progress(event, rows) {
    const share = event.total ? event.done / event.total : null;
    if (!isOfFile(event)) {
      this.#place.onStage(t("stage_line", { ...event, stage: t(`stage_${event.outcome}`) }), share);
      return;
    }
    this.#place.onStage(t("progress", event), share);
    if (event.outcome !== "failed") settle(rows, event.file, event.outcome);
  }

  /**
   * @param {IngestReport} report
   * @param {UploadRow[]} rows
   */
  #report(report, rows) {
    for (const { file, reason } of report.failed) settle(rows, file, "failed", reason);
    for (const { file, reasons } of report.held) settle(rows, file, "held", reasons.join("；"));
    const left = t(report.cancelled ? "up_cancelled" : "up_unchanged");
    for (const row of rows.filter((each) => !each.settled)) row.fail(left, true);
    const sum = this.#total ?? NOTHING;
    this.#total = {
      drafts: sum.drafts + report.drafts.length,
      unchanged: sum.unchanged + report.unchanged.length,
      failed: sum.failed + report.failed.length,
      held: sum.held + report.held.length,
      clauses: sum.clauses + report.clauses,
      seconds: sum.seconds + report.seconds,
    };
    this.#place.onStage(t("report_line", { ...this.#total, seconds: this.#total.seconds.toFixed(1) }), 1);
  }
}

/**
 * Whether progress is of one file, not of a stage of the index.
 * @param {Extract<IngestEvent, { event: "progress" }>} event
 * @returns {event is Extract<IngestEvent, { event: "progress", outcome: FileOutcome }>}
 */
function isOfFile(event) {
  return event.file !== "";
}

/**
 * Tell the row of a file, or of the archive it came in; a second file of one name is the second row of that name.
 * @param {UploadRow[]} rows
 * @param {string} file
 * @param {FileOutcome} outcome
 * @param {string} [reason]
 */
function settle(rows, file, outcome, reason = "") {
  const [archive] = file.split("/");
  const row = rows.find((each) => !each.settled && each.base === file) ?? rows.find((each) => each.base === archive);
  row?.settle(outcome, reason, file !== row.base ? file : "");
}
