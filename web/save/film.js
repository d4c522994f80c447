// A film of the filters over time: the tiles of a layer at each stored step, one frame a step, as an animated PNG.

import { make } from '../page/html.js';
import { animatedPng } from './apng.js';

const kCaption = 28; // CSS pixels
const kLongest = 200; // frames

/** Where the tiles of a layer are on the page, all together, in CSS pixels of the page. */
function tilesOf(places, layer) {
  const tiles = Object.entries(places).filter(([name]) => name.startsWith(`tile.${layer}.`)).map(([, place]) => place);
  if (tiles.length === 0) throw new Error(`The filters of “${layer}” are not on the page now. Open the Network page, and make it wide enough to show them.`);
  const left = Math.min(...tiles.map(({ x }) => x)), top = Math.min(...tiles.map(({ y }) => y));
  return {
    x: left, y: top,
    width: Math.max(...tiles.map(({ x, width }) => x + width)) - left,
    height: Math.max(...tiles.map(({ y, height }) => y + height)) - top,
  };
}

const nextFrames = async (count) => {
  for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame);
};

/** The part of the picture (a Blob of the whole canvas at `scale`) that `place` is, with a caption under it, as a PNG's bytes. */
async function frameOf(picture, place, scale, caption) {
  const bitmap = await createImageBitmap(picture);
  const { left, top } = document.getElementById('canvas').getBoundingClientRect();
  const canvas = make('canvas', { width: Math.round(place.width * scale), height: Math.round((place.height + kCaption) * scale) });
  const context = canvas.getContext('2d');
  const style = getComputedStyle(document.documentElement);
  context.fillStyle = style.getPropertyValue('--card');
  context.fillRect(0, 0, canvas.width, canvas.height);
  const whole = (v) => Math.round(v * scale);
  context.drawImage(bitmap, whole(place.x - left), whole(place.y - top), canvas.width, whole(place.height), 0, 0, canvas.width, whole(place.height));
  bitmap.close();
  context.fillStyle = style.getPropertyValue('--text');
  context.font = `${14 * scale}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  context.fillText(caption, 4 * scale, (place.height + kCaption / 2) * scale);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('There is not enough memory for a frame of that size.');
  return new Uint8Array(await blob.arrayBuffer());
}

/**
 * The film of `layer` as bytes of an animated PNG, `scale` pixels a CSS pixel. It goes through the timeline, and ends where it began.
 * `progress(done, all)` is called after each frame; where it returns false the film is given up and null is the result.
 */
export async function makeFilm(lab, { layer = 'conv1', scale = 2, progress = () => true } = {}) {
  const { timeline, playing, lab: open } = lab.state();
  const moments = timeline.moments.slice(-kLongest);
  if (moments.length < 2) throw new Error('There is only one stored step yet. Train first: a film shows how the filters change.');
  if (playing) await lab.pause();
  await lab.open('network'); // where the tiles are, and whose picture is the whole canvas
  const frames = [];
  try {
    for (const step of moments) {
      await lab.moment(step);
      await nextFrames(2);
      const place = tilesOf(await lab.ui(), layer);
      frames.push(await frameOf(await lab.picture({ scale }), place, scale, `${layer}, step ${step.toLocaleString('en')}`));
      if (progress(frames.length, moments.length) === false) return null;
    }
  } finally {
    await lab.moment(timeline.showsMoment ? timeline.shown : null);
    await lab.open(open);
    if (playing) await lab.play();
  }
  const delays = frames.map((_, i) => (i === frames.length - 1 ? 2000 : 500));
  return animatedPng(frames, delays);
}
