// When the browser takes the WebGL context away (a driver's restart, a phone that ran short): the page says so over the canvas until
// the graphics are back. The program trains on meanwhile, and draws anew by itself when they return (src/platform/window.cpp).

import { reload } from './offline.js';

const kPatienceMs = 3000; // for the browser to give them back after it was asked

const element = (id) => document.getElementById(id);

/** Call it once the program draws on #canvas. */
export function watchGraphics() {
  const canvas = element('canvas');
  // It can be had only while the context is there.
  const extension = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context');
  let patience = 0;
  const setLost = (lost) => {
    clearTimeout(patience);
    element('lost').hidden = !lost;
    element('lost-stays').hidden = true;
    element('lost-reload').hidden = true;
  };
  canvas.addEventListener('webglcontextlost', () => setLost(true));
  canvas.addEventListener('webglcontextrestored', () => setLost(false));
  element('lost-retry').addEventListener('click', () => {
    extension?.restoreContext();
    patience = setTimeout(() => {
      element('lost-stays').hidden = false;
      element('lost-reload').hidden = false;
    }, kPatienceMs);
  });
  element('lost-reload').addEventListener('click', reload);
}
