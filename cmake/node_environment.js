// Linked into wasm programs for Node: getenv() sees the real environment.
Module['preRun'] = (Module['preRun'] || []).concat(() => {
  for (const [name, value] of Object.entries(process.env)) ENV[name] = value;
});
