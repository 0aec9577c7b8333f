// Putting files in: sent one after the other, then read together; each with its progress, each to be left out.

import { $, api, csrfToken, el, Problem, problem, t } from "/desk/assets/common.js";

const TOGETHER = 200; // files read in one run

/** Send `file`; resolves with the name it was stored under. `onProgress` gets a share in [0, 1]. */
function send({ file, folder }, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/admin/files?${new URLSearchParams({ name: file.name, folder })}`);
    request.setRequestHeader("X-CSRF-Token", csrfToken);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Problem("network", t("upload_broken"), 0));
    request.onabort = () => reject(new Problem("cancelled", t("up_cancelled"), 0));
    request.onload = () => (request.status < 300 ? resolve(request.response.file) : reject(problem(request.response ?? {}, request.status)));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** Have files already sent read; `onEvent` gets each event of the run. */
async function read(files, onEvent) {
  const response = await fetch("/admin/index", {
    method: "POST", body: JSON.stringify({ files }),
    headers: { "X-CSRF-Token": csrfToken, "Content-Type": "application/json" },
  });
  if (!response.ok) throw problem(await response.json().catch(() => ({})), response.status);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) onEvent(JSON.parse(line));
  }
}

/** Takes files in, a batch at a time; `onStage(sentence, share)` tells of the whole, `onBusy(working)` of begin and end. */
export class PutIn {
  constructor({ list, limit, onStage, onBusy }) {
    Object.assign(this, { list, limit, onStage, onBusy, busy: false, sending: false, run: null, stopped: false, queue: Promise.resolve() });
  }

  /** Send and read these, after what is under way. */
  take(items) {
    if (items.length) this.after(() => this.sendAll(items.map((item) => new Row(item, this.list))));
  }

  /** Read files that were sent before. */
  read(names) {
    if (names.length) this.after(() => this.readAll(names.map((name) => new Row({ file: { name } }, this.list, name))));
  }

  after(work) {
    this.queue = this.queue.then(async () => {
      Object.assign(this, { busy: true, stopped: false, total: null });
      this.onBusy(true);
      await work().catch((error) => this.onStage(error.message || t("problem")));
      this.busy = false;
      this.onBusy(false);
    });
  }

  /** Stop: what is being sent is dropped, what is being read goes no further. */
  cancel() {
    this.stopped = true;
    this.current?.abort();
    if (this.run) api(`/admin/index/${this.run}/cancel`, {}).catch(() => {});
  }

  async sendAll(rows) {
    let stored = [];
    this.sending = true;
    for (const [place, row] of rows.entries()) {
      if (this.stopped) row.abort();
      this.onStage(t("sending_n", { done: place + 1, total: rows.length }), place / rows.length);
      if (await this.sendOne(row)) stored.push(row);
      if (stored.length >= TOGETHER) {
        await this.readAll(stored);
        stored = [];
      }
    }
    this.sending = false;
    if (stored.length) await this.readAll(stored);
    else if (!this.total) this.onStage(t("nothing_sent"));
  }

  async sendOne(row) {
    this.current = row;
    try {
      if (row.left) throw new Problem("cancelled", t("up_cancelled"), 0);
      if (row.item.file.size > this.limit.bytes) throw new Problem("too_large", t("too_big", { limit: this.limit.text }), 413);
      row.name = await send(row.item, (share) => row.state(t("up_sending", { p: Math.round(share * 100) }), "", share), row.signal);
      row.state(t("up_waiting"), "", null);
      return true;
    } catch (error) {
      row.fail(error.message, error.code === "cancelled");
      return false;
    } finally {
      this.current = null;
    }
  }

  async readAll(rows) {
    for (const row of rows) row.state(t("up_reading"), "", null);
    try {
      await read(rows.map((row) => row.name), (event) => this.hear(event, rows));
    } catch (error) {
      for (const row of rows.filter((each) => !each.settled)) row.fail(error.message || t("problem"));
    } finally {
      this.run = null;
    }
  }

  hear(event, rows) {
    if (event.event === "run") this.run = event.run;
    if (event.event === "error") throw new Problem("problem", event.message, 500);
    if (event.event === "progress") {
      this.onStage(event.file ? t("progress", event) : t("stage_line", { ...event, stage: t(`stage_${event.outcome}`) }), event.total ? event.done / event.total : null);
      if (event.file && event.outcome !== "failed") settle(rows, event.file, event.outcome);
    }
    if (event.event === "report") this.report(event, rows);
  }

  report(event, rows) {
    for (const failure of event.failed) settle(rows, failure.file, "failed", failure.reason);
    for (const held of event.held ?? []) settle(rows, held.file, "held", held.reasons.join("；"));
    for (const row of rows.filter((each) => !each.settled)) row.fail(t(event.cancelled ? "up_cancelled" : "up_unchanged"), true);
    const sum = this.total ?? { drafts: 0, unchanged: 0, failed: 0, held: 0, clauses: 0, seconds: 0 };
    for (const name of ["drafts", "unchanged", "failed", "held"]) sum[name] += (event[name] ?? []).length;
    this.total = { ...sum, clauses: sum.clauses + event.clauses, seconds: sum.seconds + event.seconds };
    this.onStage(t("report_line", { ...this.total, seconds: this.total.seconds.toFixed(1) }), 1);
  }
}

/** Tell the row of a file, or of the archive it came in; a second file of one name is the second row of that name. */
function settle(rows, file, outcome, reason = "") {
  const [archive] = file.split("/");
  const row = rows.find((each) => !each.settled && base(each.name) === file) ?? rows.find((each) => base(each.name) === archive);
  row?.settle(outcome, reason, file !== base(row.name) ? file : "");
}

const base = (name) => name.split("/").pop();

class Row {
  constructor(item, list, name = "") {
    const stop = new AbortController();
    const shown = [item.folder, item.file.name].filter(Boolean).join("/");
    Object.assign(this, { item, name, stop, signal: stop.signal, settled: false, left: false });
    this.words = el("span", {}, t("up_waiting"));
    this.bar = el("progress", { max: 1, value: 0, "aria-label": shown });
    this.leave = el("button", { type: "button", class: "quiet", "aria-label": `${t("cancel")} ${shown}`, onclick: () => this.abort() }, t("cancel"));
    this.element = el("li", { class: "upload" }, el("span", { class: "upload-name", title: shown }, shown), this.words, this.leave, this.bar);
    list.prepend(this.element);
  }

  abort() {
    this.left = true;
    this.stop.abort();
    if (!this.name) this.fail(t("up_cancelled"), true);
  }

  state(text, kind, share) {
    this.words.textContent = text;
    this.words.className = kind;
    this.bar.hidden = share === 1;
    this.leave.hidden = Boolean(this.name) || share === 1;
    if (share === null) this.bar.removeAttribute("value");
    else this.bar.value = share;
  }

  settle(outcome, reason, member) {
    const bad = outcome === "failed" || outcome === "held";
    if (member && bad) this.state(t("up_partly"), "bad", 1);
    else if (!member || !this.settled) this.state(t(`up_${outcome}`), bad ? "bad" : "good", 1);
    this.settled = true;
    if (reason) this.element.append(el("span", { class: "reason" }, member ? `${member}：${reason}` : reason));
  }

  fail(reason, calm = false) {
    this.settled = true;
    this.state(calm ? reason : t("up_failed"), calm ? "" : "bad", 1);
    $(".reason", this.element)?.remove();
    if (!calm) this.element.append(el("span", { class: "reason" }, reason ?? ""));
  }
}
