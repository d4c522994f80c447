// Files to and from the person at the page: downloads, the file picker, drag and drop. Nothing leaves the machine.

/** Hands `content` to the browser as a download. */
export function download(content, name, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Lets the person pick files; gives none when they think better of it. */
export function chooseFiles(accept, multiple = true) {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', accept, multiple });
    input.addEventListener('change', () => resolve([...input.files]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** One file, or null. */
export const chooseFile = async (accept) => (await chooseFiles(accept, false))[0] ?? null;

/** Calls `take` with every file dropped anywhere on the page. */
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
    for (const file of event.dataTransfer.files) take(file);
  });
}
