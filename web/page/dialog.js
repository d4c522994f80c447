// Questions and short texts over the page, in the browser's own <dialog>: it keeps the focus, and Escape cancels.

/**
 * Shows `element` (or a text) under `title` with `buttons` [{label, value, primary}] and resolves with the value of the one that was
 * pressed, null where the dialog was cancelled.
 */
export function openDialog({ title, element, buttons = [{ label: 'Close', value: null, primary: true }] }) {
  const dialog = document.createElement('dialog');
  const heading = Object.assign(document.createElement('h2'), { textContent: title, id: 'dialog-title' });
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  const content = typeof element === 'string' ? Object.assign(document.createElement('p'), { textContent: element }) : element;
  const row = Object.assign(document.createElement('div'), { className: 'dialog-buttons' });
  dialog.append(heading, content, row);
  return new Promise((resolve) => {
    let answer = null;
    for (const { label, value, primary = false } of buttons) {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label, className: primary ? 'primary' : '' });
      button.addEventListener('click', () => {
        answer = value;
        dialog.close();
      });
      row.append(button);
    }
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
