// Texts that the browser keeps for this page: `browserTexts` until they are removed, `tabTexts` until the tab is closed. A browser may refuse, in a
// sandboxed frame or by a strict setting, and may run out of room. No call here throws then: who keeps something says what becomes of it.
// (theme.js, a plain script that runs before any module, does without this.)

class Texts {
  #open;

  /** @param open gives the browser's Storage; the mere look at it throws where the browser refuses */
  constructor(open) {
    this.#open = open;
  }

  /** Whether the browser keeps nothing at all for this page. */
  get refused() {
    try {
      this.#open().getItem('');
      return false;
    } catch {
      return true;
    }
  }

  /** The keys that begin with `prefix`; none where the browser refuses. */
  keys(prefix) {
    try {
      return Object.keys(this.#open()).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  }

  /** The text under `key`; null where there is none, or the browser refuses. */
  get(key) {
    try {
      return this.#open().getItem(key);
    } catch {
      return null;
    }
  }

  /** Keeps a text. Gives null, or why it is not kept: 'full' or 'refused'. */
  set(key, text) {
    try {
      this.#open().setItem(key, text);
      return null;
    } catch (error) {
      return error?.name === 'QuotaExceededError' ? 'full' : 'refused';
    }
  }

  remove(key) {
    try {
      this.#open().removeItem(key);
    } catch {
      // then nothing was kept
    }
  }
}

export const browserTexts = new Texts(() => localStorage);
export const tabTexts = new Texts(() => sessionStorage);
