// The mirror's controls: running the training, its settings, the image that is looked at.

import { button, make, setText, table } from '../page/html.js';

const kStructure = [
  ['dataset', 'Data set (a change starts a new run)'],
  ['preset', 'Network (a change starts a new run)'],
  ['initializer', 'Initial weights (a change starts a new run)'],
];
/** The last is the group that a teacher's link may leave out (web/page/controls.js). */
const kNumbers = [
  ['seed', 'Seed (a change starts a new run)', 0, 9007199254740991, 1, 'structure'],
  ['learningRate', 'Learning rate', 0, 1e6, 'any', 'live'],
  ['momentum', 'Momentum', 0, 1, 'any', 'live'],
  ['weightDecay', 'Weight decay', 0, 1, 'any', 'live'],
  ['batch', 'Batch (images in a step)', 1, 1024, 1, 'live'],
  ['speed', 'Speed limit in steps a second (0 is full speed)', 0, 1000, 'any', 'speed'],
];

const percent = (value) => `${(100 * value).toFixed(1)} %`;

/** A labelled number that is told to the program when it was changed, and follows the state while nobody types into it. */
export function numberField(label, { min, max, step }, tell) {
  const input = make('input', { type: 'number', min, max, step });
  input.addEventListener('change', () => input.value !== '' && tell(Number(input.value)));
  const element = make('label', { className: 'field' }, `${label} `, input);
  return { element, show: (value, focused) => { if (input !== focused) input.value = value; } };
}

let fields = 0;

/** A labelled list of choices [{key, label}], likewise. */
export function choiceField(label, tell) {
  const select = make('select', { id: `mirror-choice-${++fields}` });
  select.addEventListener('change', () => tell(select.value));
  const element = make('div', { className: 'field' }, make('label', { htmlFor: select.id }, label), select);
  let keys = '';
  const show = (choices, value, focused) => {
    const now = choices.map(({ key }) => key).join('\n');
    if (now !== keys) {
      keys = now;
      select.replaceChildren(...choices.map(({ key, label: text }) => make('option', { value: key }, text)));
    }
    if (select !== focused) select.value = value;
  };
  return { element, show };
}

function runControls(lab, ask) {
  const play = button('Play', () => ask(() => (lab.state().playing ? lab.pause() : lab.play())));
  const until = make('input', { type: 'number', min: 1, step: 1, value: 100 });
  const train = button('Train to this step', () =>
    ask(() => {
      const more = Number(until.value) - lab.state().step;
      if (!(more >= 1)) throw new Error(`The run stands at step ${lab.state().step} already; rewind it to come to an earlier one.`);
      return lab.step(more);
    }));
  const element = make('div', { className: 'buttons' }, play,
    button('Step', () => ask(() => lab.step(1))),
    button('Epoch', () => ask(() => lab.epoch())),
    button('Rewind', () => ask(() => lab.rewind())),
    make('label', { className: 'field' }, 'Stop at step ', until), train);
  return { element, update: ({ playing }) => setText(play, playing ? 'Pause' : 'Play') };
}

function imageControls(lab, ask) {
  const image = numberField('Test image', { min: 0, max: 9999, step: 1 }, (index) => ask(() => lab.show(index)));
  const truth = make('p');
  const place = make('div');
  let drawn = '';
  const update = ({ image: { index, label, probabilities }, classes, step }, focused) => {
    image.show(Math.max(0, index), focused);
    const best = probabilities.indexOf(Math.max(...probabilities));
    const own = index < 0 ? 'An image of your own' : `Test image ${index}`;
    const answer = probabilities.length > 0 ? `The network answers ${classes[best]} (${percent(probabilities[best])}) at step ${step}.` : '';
    setText(truth, `${own}${label >= 0 ? `, a ${classes[label]}` : ''}. ${answer}`);
    const rows = probabilities.map((p, i) => [classes[i] ?? String(i), percent(p)]);
    const now = JSON.stringify(rows);
    if (now === drawn) return;
    drawn = now;
    place.replaceChildren(table('The answer for this image', ['class', 'probability'], rows));
  };
  return { element: make('div', {}, image.element, truth, place), update };
}

/** {element, update(state, focused)} of the section. */
export function controls(lab, ask) {
  const status = make('p');
  const run = runControls(lab, ask);
  const structure = kStructure.map(([key, label]) => ({ key, ...choiceField(label, (value) => ask(() => lab.reset({ [key]: value }))) }));
  const numbers = kNumbers.map(([key, label, min, max, step, group]) => ({
    key, group, ...numberField(label, { min, max, step }, (value) => ask(() => (key === 'seed' ? lab.reset({ seed: value }) : lab.set({ [key]: value })))),
  }));
  const image = imageControls(lab, ask);
  const element = make('section', {}, make('h3', {}, 'Training'), status, run.element,
    make('div', { className: 'fields' }, ...structure.map((field) => field.element), ...numbers.map((field) => field.element)),
    make('h3', {}, 'Image'), image.element);
  const update = (state, focused) => {
    const { step, epoch, trainLoss, testAccuracy, imagesPerSecond, playing } = state;
    const loss = trainLoss === null ? '' : ` Training loss ${trainLoss.toFixed(4)} nats an image.`;
    const accuracy = testAccuracy ? ` Test accuracy ${(100 * testAccuracy.value).toFixed(2)} % of ${testAccuracy.n} images, at step ${testAccuracy.step}.` : '';
    setText(status, `${playing ? 'Training' : 'Paused'}. Step ${step}, ${epoch} epochs completed.${loss}${accuracy} ${Math.round(imagesPerSecond)} images a second.`);
    run.update(state);
    const choices = lab.choices();
    const { hide, lockSeed } = state.view;
    for (const { key, element: field, show } of structure) {
      show(choices[key], state[key], focused);
      field.hidden = hide.includes('structure');
    }
    for (const { key, group, element: field, show } of numbers) {
      show(state[key], focused);
      field.hidden = hide.includes(group);
      if (key === 'seed') field.querySelector('input').disabled = lockSeed;
    }
    image.update(state, focused);
  };
  return { element, update };
}
