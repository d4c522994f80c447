// Brings the data sets' files from beside the page to the program while they arrive: MNIST at once, another set when it is
// chosen. data/index.json lists what is there:
//   {"mnist": {"files": {"train-images": {"url", "bytes", …}, …}},
//    "cifar10": {"files": {"train": [{"url", "bytes", "images"}, …], "test": [the same]}}}
// The program unpacks and checks the bytes itself; when they cannot be had it is told why.

/** The parts of a set as in command::DataPart. */
const kTrainImages = 0, kTrainLabels = 1, kTestImages = 2, kTestLabels = 3;
const kFolder = new URL('../data/', import.meta.url);
const kList = 'The list of data sets, data/index.json,';

async function get(url, what, signal) {
  let response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    throw new Error(`${what} could not be loaded (${error.message}).`);
  }
  if (!response.ok) throw new Error(`${what} could not be loaded (the server answers ${response.status}).`);
  return response;
}

/** The manifest's files of a set. Throws with the reason when it is not there. */
async function findFiles(set, missing) {
  const response = await get(new URL('index.json', kFolder), kList);
  let manifest;
  try {
    manifest = await response.json();
  } catch {
    throw new Error(`${kList.slice(0, -1)} is no JSON.`);
  }
  const files = manifest?.[set]?.files;
  if (!files) throw new Error(missing);
  return files;
}

async function stream(native, set, part, url, signal) {
  const name = url.pathname.split('/').pop();
  const response = await get(url, name, signal);
  const reader = response.body.getReader();
  for (;;) {
    let chunk;
    try {
      chunk = await reader.read();
    } catch (error) {
      throw new Error(`The download of ${name} broke off (${error.message}).`);
    }
    if (chunk.done) break;
    native.dataChunk(set, part, chunk.value);
  }
  native.dataEnd(set, part);
}

/** Four files, in the order of the parts. */
async function loadMnist(native, signal) {
  const files = await findFiles('mnist', 'MNIST is not beside this page.');
  const urls = ['train-images', 'train-labels', 'test-images', 'test-labels'].map((part) => {
    if (typeof files[part]?.url !== 'string') throw new Error(`${kList} names no ${part} of MNIST.`);
    return new URL(files[part].url, kFolder);
  });
  const load = (parts) => Promise.all(parts.map((part) => stream(native, 'mnist', part, urls[part], signal)));
  // Labels are small, and no image counts without its label.
  await load([kTrainLabels, kTestLabels]);
  await load([kTrainImages, kTestImages]);
}

/** Batches, one after the other: the test images first, so that there is something to see and to measure. */
async function loadCifar10(native, signal) {
  const files = await findFiles('cifar10', 'CIFAR-10 is not beside this page; tools/get-data --cifar10 puts it there.');
  const batches = (half) => {
    const list = files[half];
    const sound = Array.isArray(list) && list.every(({ url, images }) => typeof url === 'string' && Number.isInteger(images));
    if (!sound) throw new Error(`${kList} has no proper list of CIFAR-10's ${half} batches.`);
    return list;
  };
  const count = (half) => batches(half).reduce((sum, { images }) => sum + images, 0);
  native.dataExpect('cifar10', count('train'), count('test'));
  for (const [half, part] of [['test', kTestImages], ['train', kTrainImages]]) {
    for (const { url } of batches(half)) await stream(native, 'cifar10', part, new URL(url, kFolder), signal);
  }
  native.dataEnd('cifar10');
}

const kLoaders = new Map([
  ['mnist', loadMnist],
  ['cifar10', loadCifar10],
]);

/** Loads each set once. */
export class DataLoader {
  #native;
  #begun = new Set();

  constructor(native) {
    this.#native = native;
  }

  /** Loads what the program waits for, if that is not on its way. */
  look() {
    const wanted = this.#native.wantedData();
    return wanted === '' ? undefined : this.load(wanted);
  }

  /** Loads everything there is of a set that comes with the page. What goes wrong is told to the program. */
  async load(set) {
    if (!kLoaders.has(set) || this.#begun.has(set)) return;
    this.#begun.add(set);
    const stop = new AbortController();
    try {
      await kLoaders.get(set)(this.#native, stop.signal);
    } catch (error) {
      stop.abort();
      this.#native.dataFailed(set, error.message);
    }
  }
}
