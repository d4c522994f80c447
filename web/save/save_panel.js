// "Save" in the menu: the session and its parts as files, and what this browser keeps by itself.

import { toggleDock } from '../page/dock.js';
import { button, make } from '../page/html.js';
import { note } from '../page/status.js';
import { hideStrip, showStrip } from '../page/strip.js';
import { mayThrowAway } from './throw_away.js';

/** A button that runs `work`, disabled meanwhile; what fails is shown. */
function action(label, title, work) {
  const press = async () => {
    element.disabled = true;
    try {
      await work();
    } catch (error) {
      note(error.message);
    } finally {
      element.disabled = false;
    }
  };
  const element = button(label, press, { title });
  return element;
}

const section = (title, text, ...children) =>
  make('section', { className: 'save-section' }, make('h3', { textContent: title }), make('p', { className: 'small', textContent: text }), make('div', { className: 'buttons' }, ...children));

function filmSection(lab) {
  const names = lab.state().layers.filter(({ kind }) => kind === 'conv').map(({ name }) => name);
  const layers = make('select', { 'aria-label': 'Layer of the film' }, ...names.map((name) => make('option', {}, name)));
  const progress = make('span', { className: 'small', role: 'status' });
  let stopped = false;
  const stop = button('Cancel', () => (stopped = true), { hidden: true });
  const film = action('Film (animated PNG)', 'One frame for each stored step of the timeline.', async () => {
    stopped = false;
    stop.hidden = false;
    try {
      const done = await lab.saveFilm({
        layer: layers.value,
        progress: (frame, all) => {
          progress.textContent = `frame ${frame} of ${all}`;
          return !stopped;
        },
      });
      progress.textContent = done ? 'saved' : 'cancelled';
    } finally {
      stop.hidden = true;
    }
  });
  if (layers.options.length === 0) return make('p', { className: 'small', textContent: 'This network has no conv layer to make a film of.' });
  return section('The filters over time', 'A film of the filters, from the stored steps of the timeline.', layers, film, stop, progress);
}

function autosaveSection(autosave) {
  const text = make('p', { className: 'small', role: 'status' });
  const toggle = make('input', { type: 'checkbox', id: 'autosave' });
  const forget = action('Forget', 'Removes what this browser keeps.', () => autosave.forget());
  const show = () => {
    toggle.checked = autosave.on;
    forget.disabled = !autosave.hasSaved();
    text.textContent = autosave.problem ? `Nothing is kept: ${autosave.problem}.` : autosave.hasSaved() ? 'The run is kept in this browser, and offered after a reload or a crash.' : 'Nothing is kept yet.';
  };
  toggle.addEventListener('change', () => autosave.turn(toggle.checked).catch((error) => note(error.message)));
  autosave.onChange = show;
  show();
  return make('section', { className: 'save-section' }, make('h3', { textContent: 'In this browser' }), text,
    make('div', { className: 'buttons' }, make('label', {}, toggle, ' Keep the run by itself'), forget));
}

function savePanel(lab, autosave) {
  return make('div', {},
    section('Session', 'Settings, weights, momentum, curves and the stored steps: it goes on elsewhere to the bit.',
      action('Save session', 'A safetensors file.', () => lab.saveSession()),
      action('Open a file …', 'A session, or weights alone (safetensors). You can also drop it on the page.', () => lab.openWeights())),
    section('Parts of it', 'Weights with PyTorch’s names and shapes; loss and accuracy of every step; the page as it looks.',
      action('Weights', 'A safetensors file.', () => lab.saveWeights()),
      action('Curves (CSV)', 'A row a step.', () => lab.saveCurve()),
      action('Picture (PNG)', 'The page, or the lab that is open.', () => lab.savePicture())),
    section('A trained network', 'Comes with the page: the network wss17 after five epochs of MNIST, for looking into without training it first.',
      action('Load it', 'A new run that begins with its weights.', async () => {
        const { step, loaded } = lab.state();
        if ((step === 0 && !loaded) || (await mayThrowAway(lab))) await lab.loadCheckpoint();
      })),
    filmSection(lab),
    autosaveSection(autosave));
}

/** Opens the panel, or closes it. */
export const toggleSavePanel = (lab, autosave) => toggleDock('save', () => ({ title: 'Save and open', element: savePanel(lab, autosave) }));

/** Offers what the last visit left. Resolves with whether it was taken. */
export function offerRestore(lab, left) {
  const when = new Date(left.at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  const text = make('span', {}, `Your last run is kept: ${left.title}, seed ${left.seed}, step ${left.step.toLocaleString('en')} (${when}).`);
  return new Promise((resolve) => {
    const close = (taken) => {
      hideStrip('restore');
      resolve(taken);
    };
    const goOn = action('Go on with it', 'Loads weights, curves and timeline.', async () => {
      await lab.importSession(left.bytes);
      close(true);
    });
    const notNow = action('Not now', 'It stays kept until the next visit but one.', async () => close(false));
    showStrip('restore', make('div', { role: 'region', 'aria-label': 'Your last run' }, text, goOn, notNow));
  });
}
