// The Share dialog: the page as a link or an iframe, with what a teacher wants of it.

import { kControls } from '../page/controls.js';
import { openDialog } from '../page/dialog.js';
import { button, make } from '../page/html.js';
import { canReplay } from './link.js';
import { menuItems } from '../page/menu.js';

/** A box to tick with its label. */
function box(name, label, checked = false, type = 'checkbox', value = 'on') {
  const input = make('input', { type, name, value, checked, defaultChecked: checked });
  return make('label', {}, input, label);
}

/** What the link can say of the run, in a sentence or two. */
function describe(state) {
  const drawing = state.image.index < 0 ? ' The drawing is not in it.' : '';
  const data = state.dataset === 'own' ? ' Your data are not in it: whoever opens it needs the same files.' : '';
  return describeRun(state) + drawing + data;
}

function describeRun(state) {
  if (!canReplay(state)) return 'This run goes on from loaded weights, which no link can carry: the link opens its settings.';
  if (state.step === 0) return 'The link opens the page as it is now, at step 0.';
  const steps = state.step === 1 ? 'one step' : `${state.step.toLocaleString('en')} steps`;
  const last = state.build === 'relaxed' ? ' This page runs the fast build, so its last bits are not those of the link’s exact build, and after some hundred steps accuracies differ by some tenths of a point.' : '';
  return `Whoever opens the link trains the same ${steps} again, in the exact build: the same bits everywhere.${last}`;
}

/** The form of the dialog, filled in from what the page is now. */
function makeForm(state, { lessons, lesson, lock }) {
  const replays = state.step > 0 && canReplay(state);
  const opens = make('fieldset', {}, make('legend', { textContent: 'It opens' }));
  opens.append(box('opens', `this step (${state.step.toLocaleString('en')})`, replays, 'radio', 'step'), box('opens', 'the settings, at step 0', !replays, 'radio', 'settings'));
  opens.querySelector('input').disabled = !replays;

  const items = menuItems().filter(({ id }) => !kControls.has(id));
  const groups = [...kControls, ...items.map(({ id, label, title }) => [id, `Header: ${/[A-Za-z]/.test(label) ? label : title}`])];
  const hide = make('fieldset', {}, make('legend', { textContent: 'Controls to leave out' }));
  for (const [word, label] of groups) hide.append(box('hide', label, state.view.hide.includes(word), 'checkbox', word));

  const more = make('fieldset', {}, make('legend', { textContent: 'For a class' }));
  more.append(
    box('lockSeed', 'Nobody changes the seed', state.view.lockSeed),
    box('ownSeed', 'A seed for each student'),
    box('lock', 'What is left out stays so', lock),
    box('projector', 'Projector mode', state.view.projector),
  );
  if (lessons.length > 0) {
    const choice = make('select', { name: 'lesson' }, make('option', { value: '', textContent: 'no lesson' }));
    for (const { name, number, title } of lessons) choice.append(make('option', { value: name, textContent: `${number}. ${title}`, selected: name === lesson }));
    more.append(make('label', {}, 'Lesson: ', choice));
  }
  return make('form', { className: 'share' }, make('p', { textContent: describe(state) }), opens, make('details', { open: state.view.hide.length > 0 }, make('summary', { textContent: 'For teachers' }), hide, more));
}

/** What the form's choices make of the link's values. */
function chosen(form, values) {
  const data = new FormData(form);
  const result = new Map(values);
  const put = (name, value) => (value ? result.set(name, value) : result.delete(name));
  put('hide', data.getAll('hide').length > 0 && data.getAll('hide'));
  put('lesson', data.get('lesson'));
  for (const name of ['lockSeed', 'lock', 'projector']) put(name, data.has(name));
  if (data.has('ownSeed')) result.set('seed', 'own');
  return result;
}

/** An <iframe> for a course system. */
export function iframeOf(address, title) {
  const quoted = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<iframe src="${quoted(address)}" title="${quoted(title)}" width="1280" height="800" style="width: 100%; border: 0" allow="cross-origin-isolated; fullscreen; clipboard-write"></iframe>`;
}

/** Copies a text; where the browser refuses, the text stands selected in `field` for the person to copy. */
async function copy(text, field, says, what) {
  try {
    await navigator.clipboard.writeText(text);
    says.textContent = `The ${what} is in the clipboard.`;
  } catch {
    field.value = text;
    field.focus();
    field.select();
    says.textContent = `The browser does not let the page copy. The ${what} is selected: press Ctrl+C (⌘C).`;
  }
}

/**
 * Opens the dialog. `link(step)` gives the values of the page's link, with or without its step, `addressOf(values)` its address, `page` what no state
 * knows: {lessons: [{name, number, title}], lesson, lock}.
 */
export function openShare(state, { link, addressOf, page }) {
  const form = makeForm(state, page);
  const field = make('input', { type: 'text', readOnly: true, className: 'address', 'aria-label': 'The link' });
  const says = make('p', { role: 'status', className: 'small' });
  const address = () => addressOf(chosen(form, link(new FormData(form).get('opens') === 'step')));
  const renew = () => {
    field.value = address();
    says.textContent = `${field.value.length} letters. Nothing is stored anywhere: all of it is in the address.`;
  };
  form.addEventListener('input', renew);
  form.addEventListener('submit', (event) => event.preventDefault());
  field.addEventListener('focus', () => field.select());
  const asLink = button('Copy link', () => copy(address(), field, says, 'link'), { primary: true });
  const asFrame = button('Copy as iframe', () => copy(iframeOf(address(), 'LeNet Lab'), field, says, 'iframe'));
  renew();
  const element = make('div', {}, form, field, says, make('div', { className: 'dialog-buttons' }, asLink, asFrame));
  return openDialog({ title: 'Share', element, buttons: [{ label: 'Close', value: null }] });
}
