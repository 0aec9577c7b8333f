// Pointer and freehand lines over a shared picture. Places are fractions of the picture, so every screen agrees.

const FADE = 1500; // ms a pointer stays after its last move
const LINES = 200; // strokes kept
const POINTS = 2000; // points of one stroke
const COLOURS = { specialist: "#ff5a4d", applicant: "#37b6ff" };

/** Draws on `canvas` over `video`; `send` carries what this side draws to the other. */
export class Drawing {
  constructor(canvas, video, side, send) {
    Object.assign(this, { canvas, video, side, send, tool: "point", strokes: [], pointers: {} });
    const on = (name, work) => canvas.addEventListener(name, (event) => work(event, this.place(event)));
    on("pointerdown", (event, at) => this.down(event, at));
    on("pointermove", (event, at) => this.move(event, at));
    on("pointerup", () => { this.stroke = null; });
    on("pointercancel", () => { this.stroke = null; });
    new ResizeObserver(() => this.paint()).observe(canvas);
  }

  /** Where the picture lies inside the canvas (letter-boxed), in CSS pixels. */
  frame() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = (this.video.videoWidth || 16) / (this.video.videoHeight || 9);
    const shown = width / height > ratio ? { width: height * ratio, height } : { width, height: width / ratio };
    return { ...shown, left: (width - shown.width) / 2, top: (height - shown.height) / 2 };
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const frame = this.frame();
    const x = (event.clientX - box.left - frame.left) / frame.width;
    const y = (event.clientY - box.top - frame.top) / frame.height;
    return [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))].map((each) => Math.round(each * 1e4) / 1e4);
  }

  down(event, at) {
    this.canvas.setPointerCapture(event.pointerId);
    if (this.tool === "point") return this.tell({ kind: "pointer", at });
    this.stroke = Math.random().toString(36).slice(2);
    this.tell({ kind: "stroke", stroke: this.stroke, at });
  }

  move(event, at) {
    if (this.tool === "point" && (event.pointerType === "mouse" || event.buttons)) this.tell({ kind: "pointer", at });
    if (this.stroke) this.tell({ kind: "stroke", stroke: this.stroke, at });
  }

  clear() {
    this.tell({ kind: "clear" });
  }

  tell(mark) {
    this.apply(mark, this.side);
    this.send(mark);
  }

  /** Take a mark drawn by `side`; anything malformed is ignored. */
  apply(mark, side) {
    if (mark.kind === "clear") this.strokes = [];
    if (mark.kind === "clear" || !Array.isArray(mark.at) || !mark.at.every((each) => each >= 0 && each <= 1)) return this.paint();
    if (mark.kind === "pointer") this.pointers[side] = { at: mark.at, until: performance.now() + FADE };
    if (mark.kind === "stroke") this.extend(String(mark.stroke), mark.at, side);
    this.paint();
  }

  extend(id, at, side) {
    let stroke = this.strokes.find((each) => each.id === id && each.side === side);
    if (!stroke) {
      stroke = { id, side, points: [] };
      this.strokes = [...this.strokes.slice(1 - LINES), stroke];
    }
    if (stroke.points.length < POINTS) stroke.points.push(at);
  }

  paint() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => { this.asked = 0; this.draw(); });
  }

  draw() {
    const { canvas } = this;
    const scale = devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round" });
    const frame = this.frame();
    const pixel = ([x, y]) => [frame.left + x * frame.width, frame.top + y * frame.height];
    for (const stroke of this.strokes) drawStroke(pen, stroke.points.map(pixel), COLOURS[stroke.side]);
    const now = performance.now();
    let alive = false;
    for (const [side, pointer] of Object.entries(this.pointers)) {
      if (pointer.until < now) continue;
      alive = true;
      drawPointer(pen, pixel(pointer.at), COLOURS[side], Math.min(1, (pointer.until - now) / 400));
    }
    if (alive) this.paint();
  }
}

function drawStroke(pen, points, colour) {
  pen.strokeStyle = colour;
  pen.beginPath();
  points.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  if (points.length === 1) pen.lineTo(points[0][0] + 0.1, points[0][1]);
  pen.stroke();
}

function drawPointer(pen, [x, y], colour, strength) {
  pen.globalAlpha = strength;
  pen.fillStyle = colour;
  pen.strokeStyle = "#fff";
  pen.lineWidth = 2.5;
  pen.beginPath();
  pen.arc(x, y, 9, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.lineWidth = 4;
  pen.globalAlpha = 1;
}
