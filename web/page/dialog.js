// Questions and short texts over the page, in the browser's own <dialog>: it keeps the focus, and Escape cancels.

import { button, make } from './html.js';

/**
 * Shows `element` (or a text) under `title` with `buttons` [{label, value, primary}] and resolves with the value of the one that was
 * pressed, null where the dialog was cancelled.
 */
export function openDialog({ title, element, buttons = [{ label: 'Close', value: null, primary: true }] }) {
  return new Promise((resolve) => {
    let answer = null;
    const press = (value) => () => {
      answer = value;
      dialog.close();
    };
    const dialog = make('dialog', { 'aria-labelledby': 'dialog-title' },
      make('h2', { id: 'dialog-title' }, title),
      typeof element === 'string' ? make('p', {}, element) : element,
      make('div', { className: 'dialog-buttons' }, ...buttons.map(({ label, value, primary }) => button(label, press(value), { primary }))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
