// Brings the data set's files from beside the page to the program while they arrive: training starts on the first chunk.
// data/index.json lists what is there: {"mnist": {"files": {"train-images": {"url", "bytes", …}, …}}}. The program unpacks and
// checks the bytes itself; when they cannot be had it is told why, and shows the strokes set.

/** In the order of command::DataPart. */
const kParts = ['train-images', 'train-labels', 'test-images', 'test-labels'];
const kFolder = new URL('data/', import.meta.url);

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

/** The files of MNIST in the order of kParts. Throws with the reason when it is not there. */
async function findFiles() {
  const response = await get(new URL('index.json', kFolder), 'The list of data sets, data/index.json,');
  let manifest;
  try {
    manifest = await response.json();
  } catch {
    throw new Error('The list of data sets, data/index.json, is no JSON.');
  }
  const files = manifest?.mnist?.files;
  if (!files) throw new Error('MNIST is not beside this page.');
  return kParts.map((part) => {
    if (typeof files[part]?.url !== 'string') throw new Error(`The list of data sets, data/index.json, names no ${part} of MNIST.`);
    return new URL(files[part].url, kFolder);
  });
}

async function stream(native, part, url, signal) {
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
    native.dataChunk(part, chunk.value);
  }
  native.dataEnd(part);
}

/** Loads everything there is. Never throws: what goes wrong is told to the program. */
export async function loadData(native) {
  const stop = new AbortController();
  try {
    const urls = await findFiles();
    // Labels are small, and no image counts without its label.
    await Promise.all([1, 3].map((part) => stream(native, part, urls[part], stop.signal)));
    await Promise.all([0, 2].map((part) => stream(native, part, urls[part], stop.signal)));
  } catch (error) {
    stop.abort();
    native.dataFailed(error.message);
  }
}
