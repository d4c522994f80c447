// The C functions of the program (src/platform/bridge.cpp) as plain JavaScript. Everything that crosses is copied, so nothing
// here keeps an address of the program's memory.

/** Numbers that JSON has no word for become text, so that the program can refuse them by name. */
const asJson = (object) =>
  JSON.stringify(object, (_, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    return typeof value === 'bigint' ? Number(value) : value;
  });

export class Native {
  #module;

  constructor(module) {
    this.#module = module;
  }

  /** Posts a command; gives the id of its reply. Throws an Error with the program's sentence when it is refused. */
  command(object, payload = new Uint8Array(0)) {
    return this.#withText(asJson(object), (text) =>
      this.#withBytes(payload, (address) => {
        const id = this.#module._lab_command(text, address, payload.byteLength) >>> 0;
        if (id === 0) throw new Error(this.#text(this.#module._lab_error()));
        return id;
      }),
    );
  }

  /** Replies that arrived: [{id, error, shape, values: Float32Array, bytes: Uint8Array, activation, at: {y, x}}]. */
  poll() {
    const replies = JSON.parse(this.#text(this.#module._lab_poll()));
    for (const reply of replies) {
      reply.values = new Float32Array(this.#bytes(reply.values[0], reply.values[1] * 4).buffer);
      reply.bytes = this.#bytes(...reply.bytes);
    }
    return replies;
  }

  /** The newest drawn state, or null before the first. */
  state() {
    const text = this.#text(this.#module._lab_state());
    return text === '' ? null : JSON.parse(text);
  }

  /** 0 before the first state; a new number with every new state. */
  version() {
    return this.#module._lab_version();
  }

  /** What the Compare lab draws, or null before the first state. */
  comparison() {
    const text = this.#text(this.#module._lab_comparison());
    return text === '' ? null : JSON.parse(text);
  }

  /** {dataset, preset, initializer, lab: [{key, label, …}]}, or null before the first state. */
  choices() {
    const text = this.#text(this.#module._lab_choices());
    return text === '' ? null : JSON.parse(text);
  }

  /** Opens the Compare lab; fields left out stay. Throws an Error for an unknown comparison. */
  openComparison({ comparison = '', seeds = 0, first = 0, steps, epochs }) {
    const done = this.#withText(comparison, (text) =>
      this.#module._lab_open_comparison(text, seeds, first, epochs ?? steps ?? 0, epochs === undefined ? 0 : 1),
    );
    if (!done) throw new Error(this.#text(this.#module._lab_error()));
  }

  /** Opens a lab. Throws an Error that lists them for any other name. */
  openLab(name) {
    if (!this.#withText(name, (text) => this.#module._lab_open(text))) throw new Error(this.#text(this.#module._lab_error()));
  }

  /** Takes over how the page is looked at (src/platform/bridge_view.h). Throws an Error with the program's sentence. */
  view(settings) {
    if (!this.#withText(asJson(settings), (text) => this.#module._lab_view(text))) throw new Error(this.#text(this.#module._lab_error()));
  }

  /** Draws the open lab at `scale` pixels a CSS pixel; page.pictureDrawn() is called when it is on the canvas. */
  takePicture(scale) {
    this.#module._lab_picture(scale);
  }

  /** {name: {x, y, width, height}} in CSS pixels from the canvas' corner. */
  ui() {
    return JSON.parse(this.#text(this.#module._lab_ui()));
  }

  /** The page's own settings; undefined leaves one as it is. */
  page({ overlay, pauseInBackground }) {
    const flag = (value) => (value === undefined ? -1 : Number(value));
    this.#module._lab_page(flag(overlay), flag(pauseInBackground));
  }

  /** Stands in for a frame while the page draws none. Whether there is more to do at once. */
  pump(seconds) {
    return this.#module._lab_pump(seconds) !== 0;
  }

  /** The name of the data set that was chosen and has not come; '' when there is none. */
  wantedData() {
    return this.#text(this.#module._lab_wanted_data());
  }

  dataExpect(set, trainImages, testImages) {
    this.#withText(set, (name) => this.#module._lab_data_expect(name, trainImages, testImages));
  }

  dataChunk(set, part, bytes) {
    this.#withText(set, (name) =>
      this.#withBytes(bytes, (address) => this.#module._lab_data_chunk(name, part, address, bytes.byteLength)),
    );
  }

  /** A file is over; without `part` the whole set is. */
  dataEnd(set, part = -1) {
    this.#withText(set, (name) => this.#module._lab_data_end(name, part));
  }

  dataFailed(set, reason) {
    this.#withText(set, (name) => this.#withText(reason, (text) => this.#module._lab_data_failed(name, text)));
  }

  #text(address) {
    return this.#module.UTF8ToString(address);
  }

  #bytes(address, size) {
    return this.#module.heapU8().slice(address, address + size);
  }

  #withText(text, use) {
    const bytes = new TextEncoder().encode(text + '\0');
    return this.#withBytes(bytes, use);
  }

  #withBytes(view, use) {
    if (view.byteLength === 0) return use(0);
    const address = this.#module._malloc(view.byteLength);
    if (address === 0) throw new Error(`There is no memory left for ${view.byteLength} bytes.`);
    try {
      this.#module.heapU8().set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), address);
      return use(address);
    } finally {
      this.#module._free(address);
    }
  }
}
