// The dock: one panel of plain HTML beside the canvas (under it on a narrow page), which makes room for it. Escape closes it, and
// the focus goes back to where it came from.

import { button, make } from './html.js';

const dock = document.getElementById('dock');
let current = null; // {id, onClose, before}

/** The id of the open panel, or null. */
export const openPanel = () => current?.id ?? null;

/** Closes the panel `id`, or whichever is open. */
export function closeDock(id = current?.id) {
  if (!current || current.id !== id) return;
  const { onClose, before } = current;
  current = null;
  dock.hidden = true;
  dock.replaceChildren();
  document.body.classList.remove('docked');
  if (before?.isConnected) before.focus({ preventScroll: true });
  onClose?.();
}

/**
 * Shows `element` under `title` in place of what was there. `onClose` is called when it is closed or replaced.
 * The panel's heading takes the focus, so that a reader begins there.
 */
export function openDock({ id, title, element, onClose }) {
  const before = document.activeElement;
  closeDock();
  const heading = make('h2', { id: 'dock-title', tabIndex: -1 }, title);
  const close = button('✕', () => closeDock(id), { className: 'dock-close', title: 'Close (Esc)', 'aria-label': `Close ${title}` });
  dock.replaceChildren(make('div', { className: 'dock-head' }, heading, close), make('div', { className: 'dock-body' }, element));
  dock.hidden = false;
  document.body.classList.add('docked');
  current = { id, onClose, before };
  heading.focus({ preventScroll: true });
}

const panels = new Map();

/** Makes a panel known, so that others can open it by its id: `describe` gives what openDock() takes. */
export const addPanel = (id, describe) => panels.set(id, describe);

/** Opens a known panel. Whether there is one of that id. */
export function showPanel(id) {
  const describe = panels.get(id);
  if (describe) openDock({ ...describe(), id });
  return describe !== undefined;
}

/** Opens the panel, or closes it where it is open: for menu items. `describe` is needed for one that is not known. */
export function toggleDock(id, describe = panels.get(id)) {
  if (openPanel() === id) closeDock(id);
  else openDock({ ...describe(), id });
}

dock.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.defaultPrevented) closeDock();
});
