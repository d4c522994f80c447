// One headless Chromium for all the pages, and the servers that they come from.

import { launchChromium } from '../chromium.mjs';
import { serve } from '../server.mjs';

export class Pages {
  #browser = null;
  #servers = new Map();

  /** The server of a folder, started when it is first wanted. */
  async url(options) {
    const key = JSON.stringify(options);
    if (!this.#servers.has(key)) this.#servers.set(key, serve({ ...options, port: 0 }));
    return (await this.#servers.get(key)).url;
  }

  /** A new page in a context, and so in a process, of its own; closed again when prepare(page) fails. */
  async open(address, prepare) {
    // Ctrl-C is for us: what was measured is still to be written.
    this.#browser ??= launchChromium({ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false });
    const browser = await this.#browser;
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, serviceWorkers: 'block' });
    try {
      const page = await context.newPage();
      const failure = new Promise((_, reject) => page.once('pageerror', reject));
      failure.catch(() => {});
      await Promise.race([failure, page.goto(address).then(() => prepare(page))]);
      return page;
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  async version() {
    return this.#browser ? (await this.#browser).version() : null;
  }

  async close() {
    const browser = await this.#browser?.catch(() => null);
    await browser?.close();
    for (const server of this.#servers.values()) await (await server).close();
    this.#browser = null;
    this.#servers.clear();
  }
}

/** The first sentence of an error that came through the browser, without its stack. */
export const sentence = (error) =>
  String(error?.message ?? error).replace(/^page\.evaluate: /, '').replace(/^Error: /, '').split('\n')[0].trim();
