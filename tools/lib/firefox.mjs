// Firefox for the browser tests, over WebDriver BiDi (puppeteer-core). Without a window it gives no WebGL, so it draws into a virtual
// screen (Xvfb), with Mesa's software renderer.

import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import puppeteer from 'puppeteer-core';

const NAMES = ['firefox-esr', 'firefox'];

function findProgram(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // the next one
      }
    }
  }
  return null;
}

/** The path of Firefox ($FIREFOX, else the first of the usual names on the PATH), or null where there is none, or no Xvfb. */
export const findFirefox = () => (findProgram(['Xvfb']) === null ? null : (process.env.FIREFOX ?? findProgram(NAMES)));

/** A virtual screen: {display: ':7', stop()}. */
function startScreen() {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`Xvfb ended at once (exit code ${code}).`)));
    child.stdio[3].once('data', (text) => resolve({ display: `:${String(text).trim()}`, stop: () => child.kill() }));
  });
}

/** A Firefox of its own profile as puppeteer's Browser; close() also ends its screen. */
export async function launchFirefox() {
  const screen = await startScreen();
  try {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: findFirefox(),
      headless: false,
      env: { ...process.env, DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: '1', HOME: mkdtempSync(join(tmpdir(), 'lenet-lab-firefox-')) },
      extraPrefsFirefox: { 'webgl.force-enabled': true, 'gfx.x11-egl.force-enabled': true },
    });
    const close = browser.close.bind(browser);
    browser.close = async () => {
      await close();
      screen.stop();
    };
    return browser;
  } catch (error) {
    screen.stop();
    throw error;
  }
}
