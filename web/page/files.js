// Files to and from the person at the page: downloads, the file picker, drag and drop. Nothing leaves the machine.

import { make } from './html.js';

/** Hands `content` to the browser as a download. */
export function download(content, name, type) {
  const link = make('a', { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Lets the person pick files; gives none when they think better of it. */
export function chooseFiles(accept, multiple = true, more = {}) {
  return new Promise((resolve) => {
    const input = make('input', { type: 'file', accept, multiple, ...more });
    input.addEventListener('change', () => resolve([...input.files]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** One file, or null. */
export const chooseFile = async (accept) => (await chooseFiles(accept, false))[0] ?? null;

/** The files of a folder that the person picks, as acceptDrops() gives them; none when they think better of it. */
export async function chooseFolder() {
  const files = await chooseFiles('', true, { webkitdirectory: true });
  return files.map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** All files of a dropped file or folder: [{file, path}]. */
async function filesOf(entry) {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) return [{ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path }];
  const found = [];
  for (const reader = entry.createReader(); ; ) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const inner of some) found.push(...(await filesOf(inner)));
  }
}

/** Calls `take` with a promise of what is dropped anywhere on the page, folders opened: [{file, path}]. */
export function acceptDrops(take) {
  const holdsFile = (event) => event.dataTransfer?.types.includes('Files');
  addEventListener('dragover', (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  addEventListener('drop', (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    // All of it has to be taken hold of now: afterwards the browser gives nothing any more.
    const items = [...event.dataTransfer.items].filter(({ kind }) => kind === 'file');
    const parts = items.map((item) => {
      const entry = item.webkitGetAsEntry?.();
      const file = item.getAsFile();
      return entry ? filesOf(entry) : [{ file, path: file.name }];
    });
    take(Promise.all(parts).then((lists) => lists.flat()));
  });
}
