// The page's side of its service worker (sw.js): shared memory on hosts that send no headers for it, use offline, new versions.
// ?sw=off in the address does without, and removes a worker that an earlier visit left.

import { isKept } from './failure.js';
import { note } from './status.js';
import { tabTexts } from './storage.js';

const kReloadedKey = 'lenet-lab reloaded for isolation';
const kPatienceMs = 5000; // for a worker, before the page starts without it
const kGatherMs = 1000; // addresses are told to the worker at most so often

const isTurnedOff = () => new URLSearchParams(location.search).get('sw') === 'off';
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The browser's service workers; null where it gives none: in private windows, sandboxed frames, over plain HTTP. */
function container() {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

/** This folder's registration; null where there can be none. */
async function register() {
  try {
    const worker = new URL('../sw.js', import.meta.url);
    return (await container()?.register(worker, { updateViaCache: 'none' })) ?? null;
  } catch {
    return null;
  }
}

/** Whether this tab has not been reloaded for isolation yet. Where that cannot be noted down, it counts as reloaded. */
const takeOnlyReload = () => !tabTexts.get(kReloadedKey) && tabTexts.set(kReloadedKey, '1') === null;

/** Resolves when a worker answers for this page. */
function controlled(workers) {
  return new Promise((resolve) => {
    workers.addEventListener('controllerchange', resolve, { once: true });
    if (workers.controller) resolve();
  });
}

/**
 * Call it before anything else, when there is nothing to lose. Where the host sends no isolation headers and the worker can put them
 * in, loads the page again, once a tab, and gives true: the caller then waits for that. A page in a frame stays as it is, since the
 * page around it decides.
 */
export async function isolateByReload() {
  if (globalThis.crossOriginIsolated) {
    tabTexts.remove(kReloadedKey);
    return false;
  }
  const workers = container();
  if (!workers || workers.controller || window.top !== window || isTurnedOff() || !takeOnlyReload()) return false;
  const ready = register().then((registration) => registration && controlled(workers).then(() => true));
  if (!(await Promise.race([ready, pause(kPatienceMs)]))) return false;
  location.reload();
  return true;
}

/** Lets the newest version that is here answer from now on. Gives how many other pages of the old one keep it from that. */
async function takeNewest() {
  const waiting = (await container()?.getRegistration())?.waiting;
  if (!waiting) return 0;
  const changed = new Promise((resolve) => container().addEventListener('controllerchange', resolve, { once: true }));
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data.others)));
  waiting.postMessage({ takeOver: true }, [port2]);
  const others = await Promise.race([answered, pause(kPatienceMs)]);
  if (others === 0) await Promise.race([changed, pause(kPatienceMs)]);
  return others ?? 0;
}

/** Loads the page again, in its newest version where no other tab holds the old one. */
export async function reload() {
  await takeNewest().catch(() => {});
  location.reload();
}

/** Says that a new version waits, with a button that takes it. */
function offer() {
  const press = async () => {
    if ((await takeNewest()) === 0) return location.reload();
    note('LeNet Lab is open in another tab or window. Close it there first: two versions do not run side by side.');
    offer();
  };
  const kept = isKept() ? 'your run is kept, and can be restored there' : 'this run ends with it';
  note(`A new version of LeNet Lab is here. Loading it starts the page anew; ${kept}.`, { good: true, button: { label: 'Load it', press } });
}

function watchForUpdates(registration) {
  const offerOnceInstalled = (worker) => {
    const look = () => worker.state === 'installed' && container().controller && offer();
    worker.addEventListener('statechange', look);
    look();
  };
  if (registration.waiting) offerOnceInstalled(registration.waiting);
  registration.addEventListener('updatefound', () => offerOnceInstalled(registration.installing));
}

/** Tells the worker what this page has loaded and will load past it, so that it is there offline. */
async function tellWhatIsUsed() {
  const { active } = await container().ready;
  let gathered = null;
  const tell = (addresses) => {
    if (gathered) return void gathered.push(...addresses);
    gathered = [...addresses];
    setTimeout(() => {
      active.postMessage({ keep: gathered });
      gathered = null;
    }, kGatherMs);
  };
  tell([location.href.replace(/[?#].*/, '')]);
  new PerformanceObserver((list) => {
    const past = list.getEntries().filter(({ workerStart, name }) => workerStart === 0 && name.startsWith(location.origin));
    if (past.length > 0) tell(past.map(({ name }) => name));
  }).observe({ type: 'resource', buffered: true });
}

/** Call it when the page runs: keeps it for use offline, and says when there is a new version. */
export async function keepOffline() {
  if (isTurnedOff()) {
    await (await container()?.getRegistration())?.unregister();
    return;
  }
  const registration = await register();
  if (!registration) return;
  watchForUpdates(registration);
  await tellWhatIsUsed();
}
