// What an error that ended the program means to the person at the page: what happened and what to do, for the panel (panel.js).

const kKinds = [
  {
    pattern: /out of memory|not enough memory|no memory left|bad_alloc|could not allocate memory|cannot (en)?large memory|OOM\b/i,
    title: 'The memory has run out',
    happened: 'The browser gives this page no more memory.',
    todo: 'Close other tabs and programs, and load the page again. A smaller network, a smaller minibatch, fewer twins or a data set with fewer images need less.',
  },
  {
    pattern: /failed to fetch|networkerror|load failed|importing a module|dynamically imported|fetching of the wasm|wasm.*\b(404|5\d\d)\b|incorrect response mime|status code is not ok/i,
    title: 'LeNet Lab could not be loaded',
    happened: 'The program, or a part of it, did not arrive.',
    todo: 'Look whether this machine is online, and load the page again. If it stays so, the copy of the page on its server is not complete.',
  },
  {
    pattern: /compileerror|linkerror|content security policy|wasm (validation|code generation)/i,
    title: 'This browser refuses the program',
    happened: 'The program arrived, but the browser does not run it.',
    todo: 'Load the page again, or try another browser. A content security policy of the server has to allow “wasm-unsafe-eval”.',
  },
];

const kTrap = {
  title: 'LeNet Lab has stopped',
  happened: 'The program has made an error and was ended. This is its fault and not yours.',
  todo: 'Load the page again. If it happens again after the same steps, please report them with the words in brackets.',
};

/** An error's words, whatever was thrown. */
export function messageOf(problem) {
  const text = String(problem?.message ?? problem ?? 'unknown').replace(/^Uncaught /, '');
  return /[.!?)]$/.test(text) ? text : `${text}.`;
}

/** Whether the browser has a saved state of this page that it can offer after a reload (autosave). */
export function isKept() {
  try {
    return globalThis.lenetAutosave?.hasSaved() === true;
  } catch {
    return false;
  }
}

/** {title, happened, todo, kept} of what ended the page, as the panel shows it. `problem.panel` has them ready where somebody knows more. */
export function explain(problem) {
  const message = messageOf(problem);
  const said = problem?.panel ?? kKinds.find(({ pattern }) => pattern.test(message)) ?? kTrap;
  const words = problem?.panel || message.length > 400 ? '' : `\n(${message.replace(/\.$/, '')})`;
  return {
    title: said.title,
    happened: said.happened + words,
    todo: said.todo,
    kept: isKept() ? 'Your work is kept: after loading the page again you can restore it.' : '',
  };
}
