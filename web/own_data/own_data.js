// Data of one's own: what somebody drops or chooses is read, shown with what was recognised, and used when they say so. A drop alone never
// ends a run.

import { openDialog } from '../page/dialog.js';
import { chooseFiles, chooseFolder } from '../page/files.js';
import { make } from '../page/html.js';
import { addMenuItem } from '../page/menu.js';
import { readOwnData } from './files.js';
import { grouped } from './limits.js';

/** Reading that is done sooner shows no progress. */
const kPatienceMs = 300;
const kMostPictures = 20;
/** More classes than that are counted, not named. */
const kMostNamed = 30;
const kMostLeftOut = 3;

const several = (count, one, many = `${one}s`) => `${grouped(count)} ${count === 1 ? one : many}`;

/** Reads the files, with a progress bar and a way out where it takes a while. Gives null when the person has cancelled. */
async function readPatiently(entries) {
  const stop = new AbortController();
  const bar = make('progress', { max: 1, value: 0, 'aria-label': 'Files read' });
  const line = make('p', { textContent: 'Reading the files …' });
  const element = make('div', { className: 'own-progress' }, line, bar);
  const timer = setTimeout(async () => {
    await openDialog({ title: 'Your own data', element, buttons: [{ label: 'Cancel', value: null }] });
    stop.abort();
  }, kPatienceMs);
  const progress = (done, all) => {
    bar.max = all;
    bar.value = done;
    line.textContent = `Reading ${grouped(done + 1)} of ${several(all, 'file')} …`;
  };
  try {
    return await readOwnData(entries, { signal: stop.signal, progress });
  } catch (error) {
    if (stop.signal.aborted) return null;
    throw error;
  } finally {
    clearTimeout(timer);
    element.closest('dialog')?.close();
  }
}

/** How many images there are of each label. */
function countLabels({ train, test }) {
  const counts = [];
  for (const half of [train, test]) half?.labels.forEach((label) => (counts[label] = (counts[label] ?? 0) + 1));
  return counts;
}

/** What was recognised, in sentences. */
export function describeSet(set) {
  const { shape, classes, train, test, leftOut = [], scaled = false } = set;
  const [channels, height, width] = shape;
  const images = train.labels.length + (test?.labels.length ?? 0);
  const counts = countLabels(set);
  const found = Object.entries(counts).map(([label, count]) => `${classes?.[label] ?? label} (${grouped(count)})`);
  const sentences = [
    `${several(images, 'image')} of ${height} × ${width} pixels${scaled ? ', scaled to that' : ''}, ${channels === 3 ? 'in colour' : 'grey'}.`,
    `${several(found.length, 'class', 'classes')}: ${found.slice(0, kMostNamed).join(', ')}${found.length > kMostNamed ? ', …' : '.'}`,
    test ? `${grouped(train.labels.length)} to train on, ${grouped(test.labels.length)} to test with.` : 'One in six, evenly from all classes, is kept for testing.',
  ];
  if (leftOut.length > 0) sentences.push(`Left out: ${leftOut.slice(0, kMostLeftOut).join(', ')}${leftOut.length > kMostLeftOut ? `, … (${several(leftOut.length, 'file')})` : '.'}`);
  return sentences;
}

/** The first image of each class, side by side. */
function drawSamples(canvas, { shape: [channels, height, width], train }, invert) {
  const firsts = [...new Set(train.labels)].sort((a, b) => a - b).slice(0, kMostPictures).map((label) => train.labels.indexOf(label));
  Object.assign(canvas, { width: firsts.length * (width + 1) - 1, height });
  const context = canvas.getContext('2d');
  const size = height * width;
  firsts.forEach((first, place) => {
    const picture = context.createImageData(width, height);
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < 3; c++) {
        const value = train.images[size * (channels * first + (channels === 3 ? c : 0)) + i];
        picture.data[4 * i + c] = invert ? 255 - value : value;
      }
      picture.data[4 * i + 3] = 255;
    }
    context.putImageData(picture, place * (width + 1), 0);
  });
}

/** Light on dark becomes dark on light, and the other way round. */
const inverted = (half) => half && { ...half, images: half.images.map((value) => 255 - value) };

/** Shows what was recognised and asks. Gives the set to use, or null. */
async function confirmSet(set, { dataset, title, step }) {
  const element = make('div', { className: 'own-summary' }, ...describeSet(set).map((textContent) => make('p', { textContent })));
  const canvas = make('canvas', { className: 'own-samples', role: 'img', 'aria-label': 'The first image of each class, as the network will see it.' });
  const invert = make('input', { type: 'checkbox', checked: set.darkOnLight === true });
  const draw = () => drawSamples(canvas, set, invert.checked);
  invert.addEventListener('change', draw);
  draw();
  element.append(canvas);
  if (set.shape[0] === 1) element.append(make('label', {}, invert, ' Swap dark and light, so that the background is 0, as in MNIST'));
  if (step > 0) element.append(make('p', { textContent: `The run on ${dataset === 'own' ? `“${title}”` : title}, at step ${grouped(step)}, ends with it.` }));
  const use = await openDialog({
    title: `Train on “${set.name}”?`,
    element,
    buttons: [{ label: 'Use it: a new run', value: true, primary: true }, { label: 'Cancel', value: null }],
  });
  if (!use) return null;
  return invert.checked ? { ...set, train: inverted(set.train), test: inverted(set.test) } : set;
}

/** Where files and folders come from when nothing is dropped. */
async function choose() {
  const element = make('div', { className: 'own-summary' });
  element.innerHTML = `
    <p>Drop files on the page, or choose them here. Nothing leaves this machine.</p>
    <ul>
      <li><b>A folder of PNGs</b>, each class in a folder of its own (<code>digits/7/a.png</code>), or with the class first in the names (<code>7_001.png</code>).
        Folders named <code>train</code> and <code>test</code> are kept apart.</li>
      <li><b>IDX files</b>, as MNIST, Fashion-MNIST or EMNIST have them: images and labels, plain or gzipped.</li>
      <li><b>CIFAR-10 batches</b> (<code>data_batch_1.bin</code>, <code>test_batch.bin</code>).</li>
    </ul>
    <p>Images of 8 × 8 to 64 × 64 pixels; pictures of any other size are scaled to 28 × 28. Up to 100 classes.</p>`;
  const buttons = [
    { label: 'Choose files', value: 'files', primary: true },
    { label: 'Choose a folder', value: 'folder' },
    { label: 'Cancel', value: null },
  ];
  const answer = await openDialog({ title: 'Data of your own', element, buttons });
  if (answer === 'folder') return chooseFolder();
  if (answer !== 'files') return [];
  return (await chooseFiles('')).map((file) => ({ file, path: file.name }));
}

/**
 * Adds the menu's button. Gives `offer(entries)`, which reads [{file, path}], shows what they are, and starts a run on them if the person says
 * so; it rejects with a sentence when they are no data set. `forPerson` runs an action and shows what fails.
 */
export function installOwnData(lab, forPerson) {
  const offer = async (entries) => {
    const read = await readPatiently(entries);
    const set = read && (await confirmSet(read, lab.state()));
    if (!set) return;
    const { name, shape, classes, train, test } = set;
    await lab.ownData({ name, shape, classes, train, test });
  };
  const open = async () => {
    const entries = await choose();
    if (entries.length > 0) await offer(entries);
  };
  addMenuItem({ id: 'own', label: 'Own data', title: 'Train on images of your own: PNGs, IDX files, CIFAR-10 batches', order: 30, open: () => forPerson(open) });
  return { offer };
}
