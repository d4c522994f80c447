// Trained weights that come with the page, brought when they are asked for: assets/checkpoints/NAME.json says what they are (tools/make-checkpoint
// writes it), NAME.safetensors holds them.

const kFolder = new URL('../assets/checkpoints/', import.meta.url);

async function get(url, what, missing) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Error(`${what} could not be loaded (${error.message}).`);
  }
  if (response.status === 404) throw new Error(missing);
  if (!response.ok) throw new Error(`${what} could not be loaded (the server answers ${response.status}).`);
  return response;
}

/** What the page has to know of a checkpoint. */
function isSound(info) {
  const { settings, step, test } = info?.measured ?? {};
  const whole = Number.isInteger;
  return typeof settings?.dataset === 'string' && whole(step) && whole(test?.n) && whole(test?.correct) && whole(info.bytes) && /^[0-9a-f]{64}$/.test(info.sha256);
}

async function readInfo(name) {
  const file = `${name}.json`;
  const response = await get(new URL(file, kFolder), file, `There is no checkpoint “${name}” beside this page.`);
  const info = await response.json().catch(() => null);
  if (!isSound(info)) throw new Error(`The description of the checkpoint “${name}”, ${file}, cannot be read.`);
  return info;
}

/** Throws unless these are the bytes that the description speaks of. */
async function check(info, bytes, file) {
  if (bytes.length !== info.bytes) throw new Error(`${file} is damaged: it has ${bytes.length} bytes instead of ${info.bytes}.`);
  if (!globalThis.crypto?.subtle) return; // over plain HTTP from another machine
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sum = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (sum !== info.sha256) throw new Error(`${file} is damaged: its bytes are not those that were made.`);
}

/** {info, bytes} of a checkpoint. Throws an Error with a sentence. */
export async function fetchCheckpoint(name) {
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,60}$/.test(name)) {
    throw new Error('loadCheckpoint() needs the name of a checkpoint, such as "wss17-mnist".');
  }
  const info = await readInfo(name);
  const file = `${name}.safetensors`;
  const response = await get(new URL(file, kFolder), file, `The weights of the checkpoint “${name}”, ${file}, are not beside this page.`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  await check(info, bytes, file);
  return { info, bytes };
}

/** One sentence on where these weights come from and how good they are. */
export function describeCheckpoint({ measured: { settings, step, epoch, test } }) {
  const many = (count) => count.toLocaleString('en');
  const accuracy = ((100 * test.correct) / test.n).toFixed(2);
  return `Loaded weights, not trained here: ${epoch} epochs (${many(step)} steps) on ${settings.dataset.toUpperCase()} with seed ${settings.seed}; ${accuracy} % of ${many(test.n)} test images right when they were made.`;
}
