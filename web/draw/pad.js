// The pad: a canvas that is drawn on with mouse, pen, touch or keys. It owns the drawing; whoever wants to know of changes gives `onChange`.

import { Drawing, kPadSide, kPenWidth, paint } from './drawing.js';

/** How a pen's pressure of 0 … 1 widens its stroke: a half is as wide as a mouse's. */
const widthOf = (event) => (event.pointerType === 'pen' && event.pressure > 0 ? kPenWidth * (0.5 + event.pressure) : kPenWidth);

const kKeyStep = 10;
const kFineKeyStep = 2;
const kArrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const inside = (value) => Math.min(Math.max(value, 0), kPadSide);

export class Pad {
  #canvas;
  #context;
  #drawing = new Drawing();
  #stroke = null; // that is being drawn
  #pointer = null; // that draws it; null while keys do
  #pen = null; // where keys have moved the pen; null until they do
  #onChange;
  #frame = 0;
  #enabled = true;

  /** @param onChange called whenever the drawing has changed, also in the middle of a stroke */
  constructor(canvas, onChange) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.#onChange = onChange;
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    canvas.addEventListener('pointerup', (event) => this.#up(event));
    canvas.addEventListener('pointercancel', (event) => this.#up(event)); // the system takes the pointer: what was drawn stays
    canvas.addEventListener('keydown', (event) => this.#key(event));
    canvas.addEventListener('blur', () => this.#liftKeys());
    new ResizeObserver(() => this.#repaint()).observe(canvas);
  }

  /** All strokes, with the one that is being drawn. */
  get strokes() {
    return this.#stroke ? [...this.#drawing.strokes, this.#stroke] : this.#drawing.strokes;
  }
  get empty() {
    return this.strokes.length === 0;
  }
  get canUndo() {
    return this.#drawing.canUndo;
  }
  get canRedo() {
    return this.#drawing.canRedo;
  }

  undo() {
    this.#change(() => this.#drawing.undo());
  }
  redo() {
    this.#change(() => this.#drawing.redo());
  }
  clear() {
    this.#change(() => this.#drawing.clear());
  }

  /** Whether it takes strokes. */
  set enabled(on) {
    this.#enabled = on;
    if (!on) this.#endStroke();
  }

  #change(action) {
    this.#endStroke();
    action();
    this.#changed();
  }

  #changed() {
    this.#repaint();
    this.#onChange();
  }

  #endStroke() {
    if (this.#stroke) this.#drawing.add(this.#stroke);
    this.#stroke = this.#pointer = null;
  }

  // --- mouse, pen, touch -------------------------------------------------------------------------------------------------

  #point(event) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return { x: ((event.clientX - left) * kPadSide) / width, y: ((event.clientY - top) * kPadSide) / height, width: widthOf(event) };
  }

  #down(event) {
    // One pointer draws; a second finger, or the palm beside a pen, does not.
    if (!this.#enabled || this.#pointer !== null || event.button !== 0) return;
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#endStroke();
    this.#pen = null;
    this.#pointer = event.pointerId;
    this.#stroke = [this.#point(event)];
    this.#changed();
  }

  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length > 0 ? passed : [event]) this.#extend(this.#point(each));
    this.#changed();
  }

  #up(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#endStroke();
    this.#changed();
  }

  #extend(point) {
    const last = this.#stroke.at(-1);
    if (Math.hypot(point.x - last.x, point.y - last.y) >= 1) this.#stroke.push(point);
  }

  // --- keys --------------------------------------------------------------------------------------------------------------

  #key(event) {
    if (!this.#enabled || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = kArrows[event.key];
    if (arrow) this.#movePen(arrow, event.shiftKey ? kFineKeyStep : kKeyStep);
    else if (event.key === ' ' || event.key === 'Enter') this.#togglePen();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #movePen([x, y], step) {
    const from = this.#pen ?? { x: kPadSide / 2, y: kPadSide / 2 };
    this.#pen = { x: inside(from.x + x * step), y: inside(from.y + y * step) };
    if (this.#stroke && this.#pointer === null) {
      this.#extend({ ...this.#pen, width: kPenWidth });
      this.#changed();
    } else {
      this.#repaint();
    }
  }

  #togglePen() {
    if (this.#pointer !== null) return;
    this.#pen ??= { x: kPadSide / 2, y: kPadSide / 2 };
    if (this.#stroke) this.#endStroke();
    else this.#stroke = [{ ...this.#pen, width: kPenWidth }];
    this.#changed();
  }

  #liftKeys() {
    if (this.#pointer === null) this.#endStroke();
    this.#pen = null;
    this.#repaint();
  }

  // --- painting ----------------------------------------------------------------------------------------------------------

  #repaint() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    this.#frame = 0;
    const size = Math.max(1, Math.round(this.#canvas.clientWidth * devicePixelRatio));
    if (this.#canvas.width !== size) this.#canvas.width = this.#canvas.height = size;
    this.#context.setTransform(size / kPadSide, 0, 0, size / kPadSide, 0, 0);
    paint(this.#context, this.strokes);
    if (this.#pen) this.#paintPen();
  }

  #paintPen() {
    const down = this.#stroke !== null;
    this.#context.lineWidth = 3;
    this.#context.strokeStyle = down ? '#f59322' : '#58b0ee';
    this.#context.beginPath();
    this.#context.arc(this.#pen.x, this.#pen.y, kPenWidth / 2 + 3, 0, 2 * Math.PI);
    this.#context.stroke();
  }
}
