// The question before a run is thrown away.

import { openDialog } from '../page/dialog.js';

/** Asks whether the run on the page may go, and saves it first where that is wished; resolves with whether it may. */
export async function mayThrowAway(lab) {
  const answer = await openDialog({
    title: 'This starts a new run',
    element: `The run on the page, now at step ${lab.state().step.toLocaleString('en')}, would be gone. Save it first, as a session file?`,
    buttons: [
      { label: 'Save, then go on', value: 'save', primary: true },
      { label: 'Go on', value: 'go' },
      { label: 'Cancel', value: null },
    ],
  });
  if (answer === 'save') await lab.saveSession();
  return answer !== null;
}
