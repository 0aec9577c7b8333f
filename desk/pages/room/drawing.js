// Pointer and freehand lines over a shared picture. Places are fractions of the picture, so every screen agrees.

/** @import { Mark, Side } from "../types" */
/** @typedef {[number, number]} Place from the left and from the top */

const FADE = 1500; // ms a pointer stays after its last move
const LINES = 200; // strokes kept
const POINTS = 2000; // points of one stroke

/** Draws on a canvas over a video. */
export class Drawing {
  /** @type {"point" | "draw"} */
  tool = "point";
  #canvas;
  #video;
  #side;
  #send;
  #colours;
  /** @type {{ id: string, side: Side, points: Place[] }[]} */
  #strokes = [];
  /** @type {Map<Side, { at: Place, until: number }>} where each side points, and until when that shows */
  #pointers = new Map();
  /** @type {string | null} the stroke under way on this side */
  #stroke = null;
  #asked = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLVideoElement} video
   * @param {Side} side whose page this is
   * @param {(mark: Mark) => void} send carries what this side draws to the other
   */
  constructor(canvas, video, side, send) {
    this.#canvas = canvas;
    this.#video = video;
    this.#side = side;
    this.#send = send;
    this.#colours = colours(canvas);
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", () => (this.#stroke = null));
    canvas.addEventListener("pointercancel", () => (this.#stroke = null));
    new ResizeObserver(() => this.paint()).observe(canvas);
  }

  /** Where the picture lies inside the canvas (letter-boxed), in CSS pixels. */
  #frame() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const ratio = (this.#video.videoWidth || 16) / (this.#video.videoHeight || 9);
    const shown = width / height > ratio ? { width: height * ratio, height } : { width, height: width / ratio };
    return { ...shown, left: (width - shown.width) / 2, top: (height - shown.height) / 2 };
  }

  /** @param {PointerEvent} event @returns {Place} */
  #place(event) {
    const box = this.#canvas.getBoundingClientRect();
    const frame = this.#frame();
    const x = (event.clientX - box.left - frame.left) / frame.width;
    const y = (event.clientY - box.top - frame.top) / frame.height;
    return [fraction(x), fraction(y)];
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    const at = this.#place(event);
    if (this.tool === "point") return this.#tell({ kind: "pointer", at });
    this.#stroke = Math.random().toString(36).slice(2);
    this.#tell({ kind: "stroke", stroke: this.#stroke, at });
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const at = this.#place(event);
    const points = this.tool === "point" && (event.pointerType === "mouse" || event.buttons > 0);
    if (points) this.#tell({ kind: "pointer", at });
    if (this.#stroke) this.#tell({ kind: "stroke", stroke: this.#stroke, at });
  }

  clear() {
    this.#tell({ kind: "clear" });
  }

  /** @param {Mark} mark */
  #tell(mark) {
    this.apply(mark, this.#side);
    this.#send(mark);
  }

  /**
   * Take a mark drawn by `side`; anything malformed is ignored.
   * @param {Mark} mark
   * @param {Side} side
   */
  apply({ kind, at, stroke }, side) {
    if (kind === "clear") this.#strokes = [];
    if (isPlace(at) && kind === "pointer") this.#pointers.set(side, { at, until: performance.now() + FADE });
    if (isPlace(at) && kind === "stroke") this.#extend(String(stroke), at, side);
    this.paint();
  }

  /**
   * @param {string} id
   * @param {Place} at
   * @param {Side} side
   */
  #extend(id, at, side) {
    let stroke = this.#strokes.find((each) => each.id === id && each.side === side);
    if (!stroke) {
      stroke = { id, side, points: [] };
      this.#strokes = [...this.#strokes.slice(1 - LINES), stroke];
    }
    if (stroke.points.length < POINTS) stroke.points.push(at);
  }

  /** Paint at the next frame. */
  paint() {
    if (this.#asked) return;
    this.#asked = requestAnimationFrame(() => {
      this.#asked = 0;
      this.#draw();
    });
  }

  #draw() {
    const canvas = this.#canvas;
    const scale = devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.scale(scale, scale);
    Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round" });
    const frame = this.#frame();
    /** @param {Place} place @returns {Place} */
    const pixel = ([x, y]) => [frame.left + x * frame.width, frame.top + y * frame.height];
    for (const { points, side } of this.#strokes) drawStroke(pen, points.map(pixel), this.#colours[side]);
    const now = performance.now();
    const alive = [...this.#pointers].filter(([, pointer]) => pointer.until >= now);
    for (const [side, { at, until }] of alive) {
      drawPointer(pen, pixel(at), Math.min(1, (until - now) / 400), [this.#colours[side], this.#colours.edge]);
    }
    if (alive.length) this.paint();
  }
}

/** Each side's colour and the edge of a pointer, out of the palette. @param {Element} element */
function colours(element) {
  const style = getComputedStyle(element);
  /** @param {string} name */
  const colour = (name) => style.getPropertyValue(`--pen-${name}`);
  return { specialist: colour("specialist"), applicant: colour("applicant"), edge: colour("edge") };
}

/** @param {number} share */
function fraction(share) {
  return Math.round(Math.min(1, Math.max(0, share)) * 1e4) / 1e4;
}

/** Whether the other side sent a place. @param {unknown} at @returns {at is Place} */
function isPlace(at) {
  return Array.isArray(at) && at.every((each) => each >= 0 && each <= 1);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Place[]} points
 * @param {string} colour
 */
function drawStroke(pen, points, colour) {
  pen.strokeStyle = colour;
  pen.beginPath();
  points.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  if (points.length === 1) pen.lineTo(points[0][0] + 0.1, points[0][1]);
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Place} place in pixels
 * @param {number} strength in [0, 1]
 * @param {[string, string]} colours inside and edge
 */
function drawPointer(pen, [x, y], strength, [inside, edge]) {
  pen.globalAlpha = strength;
  pen.fillStyle = inside;
  pen.strokeStyle = edge;
  pen.lineWidth = 2.5;
  pen.beginPath();
  pen.arc(x, y, 9, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.lineWidth = 4;
  pen.globalAlpha = 1;
}
