// The dock: one panel of plain HTML beside the canvas (under it on a narrow page), which makes room for it. Escape closes it, and
// the focus goes back to where it came from.

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
  const heading = Object.assign(document.createElement('h2'), { id: 'dock-title', textContent: title, tabIndex: -1 });
  const close = Object.assign(document.createElement('button'), { type: 'button', className: 'dock-close', textContent: '✕', title: 'Close (Esc)' });
  close.setAttribute('aria-label', `Close ${title}`);
  close.addEventListener('click', () => closeDock(id));
  const head = Object.assign(document.createElement('div'), { className: 'dock-head' });
  head.append(heading, close);
  const body = Object.assign(document.createElement('div'), { className: 'dock-body' });
  body.append(element);
  dock.replaceChildren(head, body);
  dock.hidden = false;
  document.body.classList.add('docked');
  current = { id, onClose, before };
  heading.focus({ preventScroll: true });
}

const panels = new Map();

/** Makes a panel known, so that others can open it by its id: `make` gives what openDock() takes. */
export const addPanel = (id, make) => panels.set(id, make);

/** Opens a known panel. Whether there is one of that id. */
export function showPanel(id) {
  const make = panels.get(id);
  if (make) openDock({ ...make(), id });
  return make !== undefined;
}

/** Opens the panel, or closes it where it is open: for menu items. `make` is needed for one that is not known. */
export function toggleDock(id, make = panels.get(id)) {
  if (openPanel() === id) closeDock(id);
  else openDock({ ...make(), id });
}

dock.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.defaultPrevented) closeDock();
});
