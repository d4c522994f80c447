// The page's links: opens the one that the page was called with, keeps the address in step with the page, and offers Share and the projector mode.

import { button, make } from '../page/html.js';
import { addressOf, linkValues, readLink, sameRun } from './link.js';
import { compareData, openLink } from './open_link.js';
import { ownSeed } from './own_seed.js';
import { openShare } from './share.js';
import { note } from '../page/status.js';
import { hideStrip, showStrip } from '../page/strip.js';

const kCalmMs = 600;

/** Something to know about the link, until it is closed. */
function say(id, text) {
  showStrip(id, make('div', { role: 'alert' }, make('span', {}, text), button('Close', () => hideStrip(id))));
}

export class Links {
  #lab;
  #fresh;
  #page = { lock: false, theme: undefined };
  #asked = new URLSearchParams(location.search).get('build');
  #opening = true;
  #calm = null; // the step at the last look
  #timer = 0;
  #projector = null; // the menu's button

  /** Call once the page is ready and before anything is changed: `lab.state()` is then that of a page opened without anything. */
  constructor(lab, { menu }) {
    this.#lab = lab;
    this.#fresh = lab.state();
    menu({ id: 'share', label: 'Share', title: 'A link to what the page shows now (Share)', order: 70, open: () => this.share().catch((error) => note(error.message)) });
    this.#projector = menu({ id: 'projector', label: '▣ Projector', title: 'Everything larger, for a lecture room (L)', order: 85, open: () => this.toggleProjector() });
    document.addEventListener('keydown', (event) => this.#onKey(event));
    for (const event of ['pointerup', 'keyup']) document.addEventListener(event, () => this.look()); // palettes and labs are no news of the session's
  }

  /**
   * Opens the link that the page was called with. `left`: what the last visit left (web/save/autosave.js), which takes the place of a replay to the very
   * same step. Resolves with {asked: whether the link asks for anything, own: whether it is about the run that was left, restored}.
   */
  async open({ left = null } = {}) {
    const { values, problems } = readLink(location.search);
    if (values.get('seed') === 'own') values.set('seed', ownSeed());
    const own = Boolean(left?.address) && sameRun(left.address, location.href);
    let restored = false;
    const restore = async () => {
      await this.#lab.importSession(left.bytes);
      restored = true;
    };
    const kept = own && left.step === values.get('step') ? restore : null;
    this.#opening = true;
    this.look();
    try {
      this.#takePage(values);
      const opened = await openLink(this.#lab, values, { fresh: this.#fresh, kept, checkpoint: this.#checkpointFor(values) });
      problems.push(...opened.problems);
    } finally {
      this.#opening = false;
    }
    if (problems.length > 0) say('link', `Not all of this link could be used. ${problems.join(' ')}`);
    this.look();
    if (values.has('data')) compareData(this.#lab, values.get('data')).then((differs) => differs && say('data', differs));
    return { asked: [...values.keys()].some((name) => !['build', 'sw'].includes(name)), own, restored };
  }

  /** Loads the trained network that comes with the page, where it is one that the link's run could become; else null. */
  #checkpointFor(values) {
    const other = ['network', 'compare', 'arms', 'recipe', 'checkpoint'].some((name) => values.has(name));
    const fits = !other && (values.get('preset') ?? 'wss17') === 'wss17' && (values.get('dataset') ?? 'mnist') === 'mnist';
    return fits ? () => this.#lab.loadCheckpoint() : null;
  }

  /** What the page itself has from a link. */
  #takePage(values) {
    this.#page = { lock: values.get('lock') ?? false, theme: values.get('theme') };
    if (this.#page.theme) document.documentElement.dataset.theme = this.#page.theme;
  }

  /** A new state may be there: looks at it a little later, and once it stands still the address says it. */
  look() {
    if (this.#timer === 0) this.#timer = setTimeout(() => this.#whenCalm(), kCalmMs);
  }

  #whenCalm() {
    this.#timer = 0;
    const state = this.#lab.state();
    if (!state.view) return; // the program stopped before it began
    this.#follow(state.view);
    const moving = this.#opening || state.playing || state.seeds.running || state.step !== this.#calm;
    this.#calm = state.step;
    if (moving) {
      if (!this.#opening && !state.playing) this.look();
      return;
    }
    const address = this.address();
    // Not pushState: Back leads out of the page, not through its past.
    if (address !== location.href) history.replaceState(history.state, '', address);
  }

  /** A function that gives what the link of the present moment says, with or without its step. */
  #moment() {
    const state = this.#lab.state();
    const { lock, theme } = this.#page;
    const chosen = theme === document.documentElement.dataset.theme ? theme : undefined; // until the person takes another
    const extra = { lock, theme: chosen, lesson: this.#lab.lesson()?.address ?? undefined, comparison: this.#lab.comparison() };
    return (step) => linkValues(state, this.#fresh, extra, { step });
  }

  /** The address of the page as it is. It names the build that runs, so that a reload trains to the same bits. */
  address() {
    const values = this.#moment()(true);
    const { build } = this.#lab.state();
    const said = this.#asked !== null || (build === 'relaxed' && values.has('step'));
    if (said && build !== 'single') values.set('build', build); // which runs only where threads cannot
    return addressOf(values);
  }

  /** For somebody else: in the build whose bits are the same everywhere. */
  async share() {
    const [state, moment] = [this.#lab.state(), this.#moment()];
    const link = (step) => moment(step).set('build', 'baseline');
    const lessons = await this.#lab.lessons().catch(() => []);
    return openShare(state, { link, addressOf, page: { lock: this.#page.lock, lesson: this.#lab.lesson()?.address ?? undefined, lessons } });
  }

  async toggleProjector() {
    await this.#lab.set({ projector: !this.#lab.state().view.projector });
    this.#follow(this.#lab.state().view);
    this.look();
  }

  /** What plain HTML there is follows the view. */
  #follow({ projector, hide, lockSeed }) {
    document.documentElement.classList.toggle('projector', projector);
    this.#projector.setAttribute('aria-pressed', String(projector));
    const said = [hide.length > 0 ? 'some controls are left out' : '', lockSeed ? 'the seed is fixed' : ''].filter(Boolean).join(' and ');
    if (said === this.#said) return;
    this.#said = said;
    if (said === '') {
      hideStrip('teacher');
      return;
    }
    const line = make('div', {}, make('span', {}, `A teacher’s link: ${said}.`));
    if (!this.#page.lock) line.append(button('Show everything', () => this.#lab.set({ hide: [], lockSeed: false }).then(() => this.look())));
    showStrip('teacher', line);
  }
  #said = '';

  #onKey(event) {
    if (event.key !== 'l' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, textarea, select, dialog, [contenteditable]')) return;
    this.toggleProjector();
  }
}
