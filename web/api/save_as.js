// Downloads whose names say which run and step they are of.

import { download } from '../page/files.js';

export const kBinary = 'application/octet-stream';

/** Hands `content` to the browser as lenet-PRESET-DATASET-seedN-stepN.`ending`: of `step`, or of the one that `api`'s page shows now. */
export function saveAs(api, content, ending, type, step) {
  const { dataset, preset, seed, timeline, step: present } = api.state();
  const of = step ?? timeline?.shown ?? present;
  download(content, `lenet-${preset}-${dataset}-seed${seed}-step${of}.${ending}`, type);
}
