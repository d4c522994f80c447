// MNIST for the peers' pages, from the server's /mnist/: the same files that our page reads, as pixel / 255.

const kPixels = 28 * 28;

async function bytes(name, head) {
  const response = await fetch(`/mnist/${name}.gz`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  const plain = response.body.pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(plain).arrayBuffer()).subarray(head);
}

async function pixels(name) {
  const values = await bytes(name, 16);
  const scaled = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) scaled[i] = values[i] / 255;
  return scaled;
}

/** The training images in a new random order each epoch. Scaled beforehand; a minibatch is copied together from them. */
export class TrainingSet {
  #images;
  #labels;
  #order;
  #next = 0;

  static async load() {
    const set = new TrainingSet();
    set.#images = await pixels('train-images-idx3-ubyte');
    set.#labels = await bytes('train-labels-idx1-ubyte', 8);
    set.#order = Uint32Array.from(set.#labels, (_, index) => index);
    set.#shuffle();
    return set;
  }

  #shuffle() {
    const order = this.#order;
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    this.#next = 0;
  }

  /** { images: Float32Array, labels: Uint8Array, oneHot: Float32Array } of the next `size` images. */
  batch(size) {
    if (this.#next + size > this.#order.length) this.#shuffle();
    const images = new Float32Array(size * kPixels);
    const labels = new Uint8Array(size);
    const oneHot = new Float32Array(size * 10);
    for (let i = 0; i < size; i++) {
      const index = this.#order[this.#next++];
      images.set(this.#images.subarray(index * kPixels, (index + 1) * kPixels), i * kPixels);
      labels[i] = this.#labels[index];
      oneHot[i * 10 + labels[i]] = 1;
    }
    return { images, labels, oneHot };
  }
}

/** The test images in order, over and over. */
export class TestSet {
  #images;
  #next = 0;

  static async load() {
    const set = new TestSet();
    set.#images = await pixels('t10k-images-idx3-ubyte');
    return set;
  }

  batch(size) {
    if ((this.#next + size) * kPixels > this.#images.length) this.#next = 0;
    const first = this.#next * kPixels;
    this.#next += size;
    return this.#images.subarray(first, first + size * kPixels);
  }
}

/** Calls step() until `seconds` have passed; step() resolves to { images, loss }. */
export async function timed(seconds, step) {
  const started = performance.now();
  let images = 0;
  let steps = 0;
  let loss = 0;
  let elapsed = 0;
  while (elapsed < seconds * 1000) {
    const done = await step();
    images += done.images;
    loss += done.loss ?? 0;
    steps += 1;
    elapsed = performance.now() - started;
  }
  return { images, seconds: elapsed / 1000, loss: loss / steps };
}

/** Mean cross-entropy of softmax outputs. */
export function crossEntropy(probabilities, labels) {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum -= Math.log(Math.max(probabilities[i * 10 + labels[i]], 1e-30));
  return sum / labels.length;
}
