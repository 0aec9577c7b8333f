// Put files in: one after the other with progress, then one run of the indexer for all of them.

import { $, csrfToken, el, Problem, problem, t } from "/desk/assets/common.js";

/** Send `file`; resolves with the name it was stored under. `onProgress` gets a share in [0, 1]. */
function send(file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/admin/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-CSRF-Token", csrfToken);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Problem("network", t("upload_broken"), 0));
    request.onload = () => (request.status < 300 ? resolve(request.response.file) : reject(problem(request.response ?? {}, request.status)));
    request.send(file);
  });
}

/** Index files already sent; `onEvent` gets each event of the run. */
async function index(files, onEvent) {
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

/** Put `files` in and show each one's progress in `list`; `onStage` gets a sentence on the whole run now and then.
 * Resolves with the run's report, or null when nothing was indexed. */
export async function putIn(files, { list, limit, onStage }) {
  const rows = files.map((file) => drawRow(file, list));
  const stored = new Map();
  for (const [place, file] of files.entries()) {
    const row = rows[place];
    try {
      if (file.size > limit.bytes) throw new Problem("too_large", t("too_big", { limit: limit.text }), 413);
      const name = await send(file, (share) => row.state(t("up_sending", { p: Math.round(share * 100) }), "", share));
      stored.set(name, row);
      row.state(t("up_waiting"), "", null);
    } catch (error) {
      row.fail(error.message);
    }
  }
  return stored.size ? indexed(stored, onStage) : null;
}

async function indexed(stored, onStage) {
  let report = null;
  for (const row of stored.values()) row.state(t("up_indexing"), "", null);
  const settle = (file, outcome, reason) => {
    const row = stored.get(file);
    if (!row) return;
    if (outcome === "failed") row.fail(reason);
    else row.state(t(`up_${outcome}`), "good", 1);
  };
  try {
    await index([...stored.keys()], (event) => {
      if (event.event === "progress") {
        onStage(event.file ? t("progress", event) : t("stage", { ...event, stage: t(`stage_${event.outcome}`) }));
        if (event.file && event.outcome !== "failed") settle(event.file, event.outcome);
      }
      if (event.event === "error") throw new Problem("problem", event.message, 500);
      if (event.event !== "report") return;
      report = event;
      for (const outcome of ["added", "changed", "unchanged"]) for (const file of event[outcome]) settle(file, outcome);
      for (const failure of event.failed) settle(failure.file, "failed", failure.reason);
    });
  } catch (error) {
    for (const row of stored.values()) row.fail(error.message || t("problem"));
  }
  return report;
}

function drawRow(file, list) {
  const words = el("span", {}, t("up_waiting"));
  const bar = el("progress", { max: 1, value: 0, "aria-label": file.name });
  const row = el("li", { class: "upload" }, el("span", { class: "upload-name", title: file.name }, file.name), words, bar);
  list.prepend(row);
  return {
    state(text, kind, share) {
      words.textContent = text;
      words.className = kind;
      bar.hidden = share === 1;
      if (share === null) bar.removeAttribute("value");
      else bar.value = share;
    },
    fail(reason) {
      this.state(t("up_failed"), "bad", 1);
      $(".reason", row)?.remove();
      row.append(el("span", { class: "reason" }, reason ?? ""));
    },
  };
}
