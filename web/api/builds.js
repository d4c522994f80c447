// Which build of the program this page runs, and why. ?build=relaxed, baseline or scalar asks for one; a link to a step or to a comparison runs
// the baseline where it asks for none.
//
// baseline  SIMD and threads; the same bits everywhere
// relaxed   the same with relaxed SIMD, which rounds as the processor likes: faster, and its bits are its own
// scalar    without SIMD, to compare with; not on every host
// single    one thread, where the page is not cross-origin isolated

const kFiles = {
  relaxed: 'lenet-lab-relaxed.js',
  baseline: 'lenet-lab.js',
  scalar: 'lenet-lab-scalar.js',
  single: 'lenet-lab-single.js',
};

/** A module of one function, f32x4.relaxed_madd of its three arguments. */
const kRelaxedModule = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b,
  3, 2, 1, 0,
  10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 2, 0x0b,
);

export const hasRelaxedSimd = () => WebAssembly.validate(kRelaxedModule);

/** Parameters of links that are to give the same bits everywhere (web/links/link.js). */
const kExact = ['step', 'compare', 'arms', 'lesson'];

/** {name, file, notice}; notice says why it is not what the address asked for, or is null. */
export function chooseBuild(search, { isolated, relaxed = hasRelaxedSimd() }) {
  const parameters = new URLSearchParams(search);
  const asked = parameters.get('build');
  const build = (name, notice = null) => ({ name, file: kFiles[name], notice });
  if (!isolated) {
    const given = asked === null || asked === 'single' || asked === 'baseline'; // its weights are those of the baseline, bit for bit
    return build('single', given ? null : `The build “${asked}” needs threads, which this page has not been given.`);
  }
  if (asked === null) return build(relaxed && !kExact.some((name) => parameters.has(name)) ? 'relaxed' : 'baseline');
  if (asked === 'relaxed' && !relaxed) return build('baseline', 'This browser has no relaxed SIMD, so the baseline build runs.');
  if (asked === 'single' || !Object.hasOwn(kFiles, asked)) {
    return build('baseline', `There is no build “${asked.slice(0, 20)}”; there are relaxed, baseline and scalar.`);
  }
  return build(asked);
}

/**
 * Starts a build with Emscripten's options and gives {name, notice, module}; the baseline in its place where a host does not have it or
 * the browser refuses it.
 */
export async function startBuild(choice, options) {
  const start = async (build, { onAbort, ...rest }) => {
    const { default: create } = await import(new URL(`../${build.file}`, import.meta.url).href);
    return { ...build, module: await create({ ...rest, onAbort }) };
  };
  if (choice.name === 'baseline' || choice.name === 'single') return start(choice, options);
  let running = false;
  const onAbort = (what) => running && options.onAbort(what); // what goes wrong before it runs is mended below
  try {
    const build = await start(choice, { ...options, onAbort });
    running = true;
    return build;
  } catch {
    const notice = `The build “${choice.name}” could not be started, so the baseline build runs.`;
    return start({ name: 'baseline', file: kFiles.baseline, notice }, options);
  }
}
