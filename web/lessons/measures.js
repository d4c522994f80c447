// What a lesson can show after a run: figures that are taken from window.lab then and there, each with what it was measured on.

import * as found from './measure_found.js';
import * as network from './measure_network.js';
import * as twins from './measure_twins.js';

const measure = (take, least, most, given) => ({ take, least, most, given });

const kNothing = 'nothing';
const kLayer = 'a layer, such as "conv1"';
const kStep = 'a step at which the timeline kept the weights';
const kArm = 'an arm of the comparison, such as "convs frozen"';
const kRequest = 'a request of lab.look()';

/** By the word that a lesson uses: what takes it, and how many values it is given. docs/lessons.md lists them. */
export const kMeasures = new Map(
  Object.entries({
    accuracy: measure(network.accuracy, 0, 1, 'nothing, or a step at which accuracy was measured'),
    loss: measure(network.loss, 0, 0, kNothing),
    moved: measure(network.moved, 1, 1, kLayer),
    mostMoved: measure(network.mostMoved, 0, 0, kNothing),
    layers: measure(network.layers, 0, 0, kNothing),
    parameters: measure(network.parameters, 0, 1, `nothing, or ${kLayer}`),
    side: measure(network.side, 1, 1, kLayer),
    work: measure(network.work, 1, 1, kLayer),
    response: measure(network.response, 5, 5, 'a layer, a test image, a unit, a row and a column'),
    settledFirst: measure(network.settledFirst, 1, 1, kStep),
    remaining: measure(network.remaining, 1, 1, kStep),
    accuracyOf: measure(twins.accuracyOf, 1, 1, kArm),
    ahead: measure(twins.ahead, 2, 2, 'two arms of the comparison, such as "MLP", "convs frozen"'),
    cost: measure(twins.cost, 1, 1, kArm),
    untrained: measure(twins.untrained, 1, 1, kArm),
    time: measure(twins.time, 1, 1, kArm),
    comparison: measure(twins.comparison, 0, 0, kNothing),
    found: measure(found.found, 2, 2, `${kRequest} and what to take from its table`),
    difference: measure(found.difference, 3, 3, 'two requests of lab.look() and what to take from the table of each'),
    best: measure(found.best, 2, 2, `${kRequest} and which column to give`),
    movesMost: measure(found.movesMost, 2, 2, `${kRequest} for the view "invariance", and an amount`),
    fact: measure(found.fact, 2, 2, `${kRequest} and which of its facts to take`),
  }),
);

/** Takes all of a block's measures: a list of results (measure_parts.js), each with the prediction that it `answers`. Rejects with a sentence. */
export async function takeMeasures(lab, items) {
  const answers = new Map(); // one experiment serves several lines
  const look = (request) => {
    const key = JSON.stringify(request);
    if (!answers.has(key)) answers.set(key, lab.look(request));
    return answers.get(key);
  };
  const results = [];
  for (const { measure: name, values, answers: id } of items) {
    results.push({ ...(await kMeasures.get(name).take({ lab, look }, values)), answers: id });
  }
  return results;
}
