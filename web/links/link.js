// The page's address: one table of what it may carry. A row has a name, the kind of its value, how the page's state says it, and what it
// is part of (web/links/open_link.js brings the page there). What is as on a page opened without anything is left out.
//
//   ?preset=tiny&seed=3&changes=10+freeze+conv1,20+rate+0.01&step=30&lab=occlusion&occlusion.size=9&unit=conv2.7&hide=speed&lockSeed=1
//
// The parameters are listed in docs/links.md.

import { changes, flag, hash, json, multipliers, names, number, path, phrase, plain, tooLong, unit, whole, word } from './link_values.js';

export const kMostSteps = 10_000_000;
const kLargestSeed = Number.MAX_SAFE_INTEGER;
const kLongestAddress = 60_000;

const isList = Array.isArray;
const isObject = (value) => value !== null && typeof value === 'object' && !isList(value);
const alone = (read) => (state) => (state.arms.length > 1 ? undefined : read(state));
const filled = (value) => (value === undefined || Object.keys(value).length === 0 ? undefined : value);
const ofRecipe = (name) => alone((state) => state.recipe[name]);

/** A whole number, or “own”: drawn once on each machine. */
const seed = { read: (text) => (text === 'own' ? text : whole(0, kLargestSeed).read(text)), write: String };

/** Whether the run began with weights that a link can name: drawn from the seed, or those of a checkpoint that comes with the page. */
export const canReplay = ({ loaded }) => loaded === null || Boolean(loaded.checkpoint);

/**
 * name, kind, part, read(state, extra): undefined where there is nothing to say. `field` is its name in lab.reset() (part "run") or
 * lab.set() ("view"). `extra` is what no state knows: {comparison, lesson, lock, theme}.
 */
const kRows = [
  { name: 'dataset', kind: word(), part: 'run', field: 'dataset', read: ({ wantedData, dataset }) => wantedData?.name ?? dataset },
  { name: 'data', kind: hash, part: 'data', read: ({ data }) => data.hash ?? undefined },
  { name: 'compare', kind: word(), part: 'compare', read: (state, { comparison }) => (comparison?.arms.length > 1 && comparison.key) || undefined },
  { name: 'arms', kind: json(isList), part: 'compare', read: (state, { comparison, fresh }) => armsOf(comparison, fresh) },
  { name: 'recipe', kind: json(isObject), part: 'run', read: () => undefined }, // of older class links
  { name: 'preset', kind: word(), part: 'run', field: 'preset', read: ofRecipe('preset') },
  { name: 'network', kind: phrase(2000), part: 'run', field: 'network', read: ofRecipe('network') },
  { name: 'init', kind: { read: (text) => phrase(40).read(text), write: String }, part: 'run', field: 'initializer', read: ofRecipe('initializer') },
  { name: 'seed', kind: seed, part: 'run', field: 'seed', read: (state) => state.seed },
  { name: 'batch', kind: whole(1, 1024), part: 'run', field: 'batch', read: ofRecipe('batch') },
  { name: 'rate', kind: number(0, 1e30), part: 'run', field: 'learningRate', read: ofRecipe('learningRate') },
  { name: 'momentum', kind: number(0, 1), part: 'run', field: 'momentum', read: ofRecipe('momentum') },
  { name: 'decay', kind: number(0, 1e6), part: 'run', field: 'weightDecay', read: ofRecipe('weightDecay') },
  { name: 'schedule', kind: phrase(80), part: 'run', field: 'schedule', read: ofRecipe('schedule') },
  { name: 'augment', kind: phrase(80), part: 'run', field: 'augmentation', read: ofRecipe('augmentation') },
  { name: 'freeze', kind: names, part: 'run', field: 'freeze', read: alone(({ recipe }) => filled(recipe.freeze)) },
  { name: 'multipliers', kind: multipliers, part: 'run', field: 'rateMultipliers', read: alone(({ recipe }) => filled(recipe.rateMultipliers)) },
  { name: 'changes', kind: changes, part: 'run', field: 'changes', read: alone(({ recipe }) => filled(recipe.changes)) },
  { name: 'checkpoint', kind: word(), part: 'run', read: ({ loaded }) => loaded?.checkpoint ?? undefined },
  { name: 'step', kind: whole(0, kMostSteps), part: 'goal', read: (state) => (state.step > 0 && canReplay(state) ? state.step : undefined) },
  // Of class links: the length of a comparison's runs, and over how many seeds.
  { name: 'steps', kind: whole(1, kMostSteps), part: 'repeat', read: () => undefined },
  { name: 'epochs', kind: whole(1, 100_000), part: 'repeat', read: () => undefined },
  { name: 'seeds', kind: whole(1, 1000), part: 'repeat', read: () => undefined },
  { name: 'build', kind: word(), part: 'page', read: () => undefined }, // web/api/builds.js
  { name: 'sw', kind: word('off'), part: 'page', read: () => undefined }, // web/page/offline.js
  { name: 'lesson', kind: path, part: 'page', read: (state, { lesson }) => lesson },
  { name: 'lab', kind: word(), part: 'look', read: (state) => state.lab },
  { name: 'unit', kind: unit, part: 'look', read: ({ locked }) => (locked.layer === '' ? undefined : { layer: locked.layer, unit: locked.unit }) },
  { name: 'mode', kind: word('deconv', 'gradient', 'guided'), part: 'look', read: ({ locked }) => locked.mode },
  { name: 'image', kind: whole(0, 1e9), part: 'look', read: ({ image }) => (image.index >= 0 ? image.index : undefined) },
  { name: 'probe', kind: whole(1, 1e6), part: 'look', read: (state) => state.probe },
  { name: 'moment', kind: whole(0, kMostSteps), part: 'look', read: ({ timeline }) => (timeline.showsMoment ? timeline.shown : undefined) },
  { name: 'speed', kind: number(0, 1e6), part: 'look', read: (state) => state.speed },
  { name: 'palette', kind: word(), part: 'view', field: 'palette', read: ({ view }) => view.palette },
  { name: 'scale', kind: word(), part: 'view', field: 'scale', read: ({ view }) => view.scale },
  { name: 'logLoss', kind: flag, part: 'view', field: 'logLoss', read: ({ view }) => view.logLoss },
  { name: 'logAccuracy', kind: flag, part: 'view', field: 'logAccuracy', read: ({ view }) => view.logAccuracy },
  { name: 'theme', kind: word('light', 'dark'), part: 'page', read: (state, { theme }) => theme },
  { name: 'projector', kind: flag, part: 'view', field: 'projector', read: ({ view }) => view.projector },
  { name: 'hide', kind: names, part: 'view', field: 'hide', read: ({ view }) => filled(view.hide) },
  { name: 'lockSeed', kind: flag, part: 'view', field: 'lockSeed', read: ({ view }) => view.lockSeed },
  { name: 'lock', kind: flag, part: 'page', read: (state, { lock }) => lock || undefined },
];
const kByName = new Map(kRows.map((row) => [row.name, row]));

/** A lab's fields have a name of two parts, "occlusion.size"; only the lab on show has its fields in the address. */
const kField = /^([a-z][A-Za-z]{0,19})\.([a-z][A-Za-z]{0,19})$/;

const rowOf = (name) => kByName.get(name) ?? (kField.test(name) ? { name, kind: plain, part: 'field' } : null);

/** Arms that are no comparison of the page's own: what each says otherwise than a page opened without anything. */
function armsOf(comparison, fresh) {
  if (!comparison || comparison.arms.length < 2 || comparison.key) return undefined;
  const said = ([field, value]) => JSON.stringify(value) !== JSON.stringify(fresh.recipe[field]);
  return comparison.arms.map(({ name, recipe }) => ({ name, ...Object.fromEntries(Object.entries(recipe).filter(said)) }));
}

/** Everything that the state says, by the parameters' names. */
function valuesOf(state, extra) {
  const values = new Map();
  for (const row of kRows) {
    const value = row.read(state, extra);
    if (value !== undefined && value !== '') values.set(row.name, value);
  }
  for (const [name, value] of Object.entries(state.view.fields[state.lab] ?? {})) {
    if (value !== null && value !== '') values.set(`${state.lab}.${name}`, value);
  }
  return values;
}

/**
 * What an address has to carry for the page to look like `state`, beside `fresh`: the state of a page opened without anything. `step: false` leaves
 * out where the run stands, and only what begins it stays.
 */
export function linkValues(state, fresh, extra = {}, { step = true } = {}) {
  const values = valuesOf(state, { ...extra, fresh });
  const usual = valuesOf({ ...fresh, lab: state.lab }, {});
  usual.set('lab', fresh.lab).delete('data'); // whose images they are is always said
  for (const [name, value] of usual) {
    const row = rowOf(name);
    if (values.has(name) && row.kind.write(values.get(name)) === row.kind.write(value)) values.delete(name);
  }
  if (!step) for (const name of ['step', 'moment']) values.delete(name);
  if (!values.has('step')) values.delete('data'); // settings may be tried on any data
  return values;
}

/** Letters that an address may have as they are. */
const encode = (text) => encodeURIComponent(text).replace(/%20/g, '+').replace(/%(2C|3A)/g, decodeURIComponent);

/** The address of `base` with these values (a Map, or an object by parameter names). */
export function addressOf(values, base = location.href) {
  const url = new URL(base);
  url.search = '';
  url.hash = '';
  const entries = values instanceof Map ? [...values] : Object.entries(values);
  const query = entries.map(([name, value]) => `${name}=${encode(rowOf(name).kind.write(value))}`).join('&');
  return query === '' ? url.href : new URL(`?${query}`, url).href;
}

/**
 * What an address asks for: {values: Map by parameter names, problems: [sentences]}. Nothing in it throws; what cannot be read is left
 * out and said.
 */
export function readLink(search) {
  const values = new Map();
  const problems = [];
  if (search.length > kLongestAddress) return { values, problems: ['The address is too long to be one of this page.'] };
  for (const [name, text] of new URLSearchParams(search)) {
    const said = `“${name.slice(0, 30)}”`;
    const row = rowOf(name);
    if (!row) {
      problems.push(`There is no setting ${said}.`);
    } else if (values.has(name)) {
      problems.push(`${said} is there twice.`);
    } else {
      try {
        const length = tooLong(text);
        if (length) throw new Error(length);
        values.set(name, row.kind.read(text));
      } catch (error) {
        problems.push(`${said} = “${text.slice(0, 30)}${text.length > 30 ? '…' : ''}” ${error.message}.`);
      }
    }
  }
  return { values, problems };
}

/** The settings of lab.reset() that a link's run begins with; what it leaves out is as on a `fresh` page. */
export function runSettings(values, fresh) {
  const none = { schedule: 'constant', augmentation: 'none', freeze: [], rateMultipliers: {}, changes: [] };
  const settings = { ...none, ...fresh.recipe, seed: fresh.seed, ...values.get('recipe') };
  for (const [name, value] of partOf(values, 'run')) { // checkpoint and recipe are no fields
    const { field } = kByName.get(name);
    if (field) settings[field] = value;
  }
  if (settings.network) delete settings.preset;
  return settings;
}

/** The settings of lab.set() that a link asks for. */
export function viewSettings(values) {
  const settings = {};
  for (const [name, value] of partOf(values, 'view')) settings[kByName.get(name).field] = value;
  for (const [name, value] of partOf(values, 'field')) {
    const [, lab, field] = kField.exec(name);
    settings.fields = { ...settings.fields, [lab]: { ...settings.fields?.[lab], [field]: value } };
  }
  return settings;
}

/** The entries of a link that are part of "run", "compare", … */
export const partOf = (values, part) => [...values].filter(([name]) => rowOf(name).part === part);

/** The address that opens a class's question ({dataset, compare or arms, steps or epochs, seeds}), with a seed: "own" for each visitor's. */
export const classLink = (question, ofSeed = 'own', base = location.href) => addressOf({ ...question, seed: ofSeed, build: 'baseline' }, base);

/** Whether two addresses of this page are about one run, whatever its step and whatever is on show. */
export function sameRun(address, other) {
  const beginning = (href) => {
    const { values } = readLink(new URL(href, location.href).search);
    return addressOf(new Map([...values].filter(([name]) => name === 'build' || ['run', 'compare'].includes(rowOf(name).part))), location.href);
  };
  return beginning(address) === beginning(other);
}
