// Measures of a comparison: the arms against each other.

import { figure, grouped, measuredOn, say, settled, table } from './measure_parts.js';

/** The arms once they have been measured: {state, arms, on: what they were measured on}. */
async function armsOf(lab) {
  const state = await settled(lab);
  const { arms } = lab.comparison() ?? { arms: [] };
  if (arms.length < 2) throw new Error('Nothing is being compared.');
  const { step, n } = arms[0].accuracy.at(-1);
  return { state, arms, on: measuredOn({ ...state, step }, n) };
}

function armNamed(arms, name) {
  const arm = arms.find((each) => each.name === name);
  if (!arm) throw new Error(`No arm “${name}” is being compared; there are ${arms.map((each) => each.name).join(', ')}.`);
  return arm;
}

const percent = (arm) => 100 * arm.accuracy.at(-1).value;

export async function accuracyOf({ lab }, [name]) {
  const { arms, on } = await armsOf(lab);
  return figure(`test accuracy, ${name}`, percent(armNamed(arms, name)), on, '%', 2);
}

export async function ahead({ lab }, [one, other]) {
  const { arms, on } = await armsOf(lab);
  return figure(`accuracy, ${one} − ${other}`, percent(armNamed(arms, one)) - percent(armNamed(arms, other)), on, 'points', 2);
}

export async function cost({ lab }, [name]) {
  const { arms, on } = await armsOf(lab);
  return figure(`accuracy lost, ${arms[0].name} − ${name}`, percent(arms[0]) - percent(armNamed(arms, name)), on, 'points', 2);
}

export async function untrained({ lab }, [name]) {
  const { state, arms } = await armsOf(lab);
  const arm = armNamed(arms, name);
  const of = `counted, of ${grouped(arm.parameters)}, network for ${state.title}`;
  return figure(`parameters that ${name} does not train`, arm.parameters - arm.trainable, of);
}

export async function time({ lab }, [name]) {
  const { state, arms } = await armsOf(lab);
  const arm = armNamed(arms, name);
  const on = `n = ${grouped(arm.step)} steps of each in turn, this machine, ${state.threads} thread${state.threads === 1 ? '' : 's'}`;
  return figure(`time of a step, ${name} against ${arms[0].name}`, (100 * arm.stepMs) / arms[0].stepMs, on, '%');
}

export async function comparison({ lab }) {
  const { arms, on } = await armsOf(lab);
  const lead = (arm) => (arm === arms[0] ? '–' : say({ value: percent(arm) - percent(arms[0]), unit: '', digits: 2 }));
  const rows = arms.map((arm) => [arm.name, `${percent(arm).toFixed(2)} %`, lead(arm), grouped(arm.trainable), arm.stepMs.toFixed(1)]);
  return table('The arms', ['arm', 'accuracy', 'points', 'trained', 'ms a step'], rows, on);
}
