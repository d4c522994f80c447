// Chromium for the browser tests: finds the installed one and starts it through playwright-core, with WebGL drawn in software.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

const ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Without these a headless page has no WebGL, and a test can pass over an empty canvas.
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of Chromium: $CHROMIUM, else the first of the usual names on the PATH. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (isProgram(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error('No Chromium found. Install it (apt-get install chromium), or set CHROMIUM to its path.');
}

/** A headless Chromium, as playwright's Browser. */
export async function launchChromium({ extraArgs = [], ...options } = {}) {
  return chromium.launch({ executablePath: findChromium(), headless: true, args: [...ARGS, ...extraArgs], ...options });
}
