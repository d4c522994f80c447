// Lines of plain HTML between header and canvas that stay until they are done with: a replay on its way, a teacher's link.

import { make } from './html.js';

const strips = document.getElementById('strips');

/** Shows `element` as the line `id`, instead of what the line was before. */
export function showStrip(id, element) {
  hideStrip(id);
  strips.append(make('div', { id: `strip-${id}`, className: 'strip' }, element));
}

export function hideStrip(id) {
  document.getElementById(`strip-${id}`)?.remove();
}
