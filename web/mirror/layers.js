// The mirror's layers: what they are, freezing, rates, and the unit that is looked at.

import { button, make, setText } from '../page/html.js';
import { choiceField, numberField } from './controls.js';

const kModes = [
  { key: 'deconv', label: 'Deconvnet' },
  { key: 'gradient', label: 'Gradient' },
  { key: 'guided', label: 'Guided backpropagation' },
];

const part = (value) => (value === null || value === undefined ? '–' : `${(100 * value).toFixed(1)} %`);

/** A row that stays while the network does, so that the focus stays in it. */
function layerRow(lab, ask, { name, shape, parameters }) {
  const frozen = make('input', { type: 'checkbox', 'aria-label': `${name} frozen` });
  frozen.addEventListener('change', () => ask(() => lab.freeze(name, frozen.checked)));
  const rate = make('input', { type: 'number', min: 0, step: 'any', 'aria-label': `${name}: rate multiplier` });
  rate.addEventListener('change', () => rate.value !== '' && ask(() => lab.rate(name, Number(rate.value))));
  const moved = make('td'), update = make('td');
  const element = make('tr', {}, make('th', { scope: 'row' }, name), make('td', {}, shape.join('×')), make('td', {}, parameters.toLocaleString('en')),
    make('td', {}, frozen), make('td', {}, rate), moved, update);
  const show = (layer, focused, fixed) => {
    frozen.disabled = rate.disabled = fixed;
    if (frozen !== focused) frozen.checked = layer.frozen;
    if (rate !== focused) rate.value = layer.rate;
    setText(moved, part(layer.changed));
    setText(update, layer.updateRatio === null ? '–' : layer.updateRatio.toPrecision(2));
  };
  return { element, show };
}

function unitControls(lab, ask) {
  const layer = choiceField('Layer', (name) => ask(() => lab.lock(name, 0)));
  const unit = numberField('Unit', { min: 0, step: 1, max: 9999 }, (index) => ask(() => lab.lock(lab.state().locked.layer, index)));
  const mode = choiceField('Back to the pixels by', (name) => ask(() => lab.mode(name)));
  const found = make('p');
  const look = button('Look at this unit', () =>
    ask(async () => {
      const { locked, image } = lab.state();
      const projection = await lab.project(locked.layer, locked.unit, { image: Math.max(0, image.index), mode: locked.mode });
      const largest = projection.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      setText(found, projection.activation > 0
        ? `Strongest activation ${projection.activation.toPrecision(4)} at row ${projection.at.y}, column ${projection.at.x} of its map; the largest value of its projection is ${largest.toPrecision(3)}.`
        : 'This unit is silent for this image: no activation is above 0.');
    }));
  const element = make('div', {}, make('div', { className: 'fields' }, layer.element, unit.element, mode.element), look, found);
  const update = ({ layers, locked }, focused) => {
    layer.show(layers.filter(({ parameters }) => parameters > 0).map(({ name }) => ({ key: name, label: name })), locked.layer, focused);
    unit.show(locked.unit, focused);
    mode.show(kModes, locked.mode, focused);
  };
  return { element, update };
}

/** {element, update(state, focused)} of the section. */
export function layersSection(lab, ask) {
  const body = make('tbody');
  const heads = ['layer', 'weights', 'parameters', 'frozen', 'rate ×', 'moved ‖W − W₀‖ / ‖W₀‖', 'last update / weights'];
  const layers = make('table', {}, make('caption', {}, 'Layers with weights'),
    make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))), body);
  const unit = unitControls(lab, ask);
  const element = make('section', {}, make('h3', {}, 'Layers'), make('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Layers' }, layers), make('h3', {}, 'Unit'), unit.element);
  let rows = new Map(), known = '';
  const update = (state, focused) => {
    const withWeights = state.layers.filter(({ parameters }) => parameters > 0);
    const now = JSON.stringify(withWeights.map(({ name, shape }) => [name, shape]));
    if (now !== known) {
      known = now;
      rows = new Map(withWeights.map((layer) => [layer.name, layerRow(lab, ask, layer)]));
      body.replaceChildren(...[...rows.values()].map((row) => row.element));
    }
    for (const layer of withWeights) rows.get(layer.name).show(layer, focused, state.view.hide.includes('freeze'));
    unit.update(state, focused);
  };
  return { element, update };
}
