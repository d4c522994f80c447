// The page's service worker. It keeps the page for use offline, and gives it the two headers that shared memory needs where its
// host sends none.
//
// A version of the page is the list below, which the build writes in (cmake/write_worker.cmake): when a file changes, so does this
// one, and the browser installs the new worker beside the old. Files are kept under their path and hash in one cache: what two
// versions share is downloaded once, and no page is ever given files of two versions. A new version takes over when no page of the
// old one is open (web/page/offline.js asks). Data sets are no part of a version: the newest where there is a network, else the kept ones.

/** Path → the first 16 digits of the file's SHA-256, of every file of the page. */
const kFiles = JSON.parse('@lenet_files@');

const kScope = new URL(self.registration.scope);
const kPageCache = `lenet-lab ${kScope.pathname}`; // several copies may stand on one host
const kDataCache = `lenet-lab data ${kScope.pathname}`;
const kIsolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** A build of the program: some browsers take one, some another, none all of them. */
const isBuild = (path) => /^lenet-lab[\w-]*\.(js|wasm)$/.test(path);
/** What every page loads at its start. */
const isCore = (path) => /\.(html|js|css)$/.test(path) && !isBuild(path);
const isData = (path) => path.startsWith('data/');
const keyOf = (path) => new URL(`${path}?${kFiles[path]}`, kScope).href;

/** The path of an address inside the page's folder, or null for one outside. */
function pathOf(address) {
  const url = new URL(address);
  if (url.origin !== kScope.origin || !url.pathname.startsWith(kScope.pathname)) return null;
  try {
    return decodeURIComponent(url.pathname.slice(kScope.pathname.length)) || 'index.html';
  } catch {
    return null; // no proper address
  }
}

/** The response with the headers of isolation where it has none of its own. */
function isolated(response) {
  if (response.status === 0) return response; // a redirection, for the browser to follow
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(kIsolation)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A file of this version, from the cache or else from the host; kept. Throws where the host has another version of it, or none. */
async function fileOf(path) {
  const cache = await caches.open(kPageCache);
  const kept = await cache.match(keyOf(path));
  if (kept) return kept;
  const response = await fetch(new URL(path, kScope), { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${path}: the server answers ${response.status}`);
  const bytes = await response.arrayBuffer();
  if ((await hashOf(bytes)) !== kFiles[path]) throw new Error(`${path} on the server is of another version of the page`);
  const type = response.headers.get('Content-Type') ?? 'application/octet-stream';
  const file = () => new Response(bytes, { headers: { 'Content-Type': type } });
  await cache.put(keyOf(path), file()).catch(() => {}); // no room: then not offline
  return file();
}

/** What is no part of the version: from the network, data also from what was kept of an earlier visit. */
async function newest(event, path) {
  let response;
  try {
    response = await fetch(event.request);
  } catch (error) {
    const kept = isData(path) && (await caches.match(event.request.url, { cacheName: kDataCache }));
    if (!kept) throw error;
    return kept;
  }
  if (isData(path) && response.status === 200) event.waitUntil(keepData(event.request.url, response.clone()));
  return response;
}

/** Keeps data, unless it is what is kept already. Without room, or when the download breaks off, the page lacks it offline. */
async function keepData(address, response) {
  try {
    const cache = await caches.open(kDataCache);
    const tag = response.headers.get('ETag');
    const kept = await cache.match(address);
    if (kept && tag && kept.headers.get('ETag') === tag) return void (await response.body?.cancel());
    await cache.put(address, response);
  } catch {
    // as said
  }
}

async function answer(event, path) {
  try {
    return isolated(Object.hasOwn(kFiles, path) ? await fileOf(path) : await newest(event, path));
  } catch (error) {
    console.warn(`LeNet Lab: ${error.message}`);
    return Response.error();
  }
}

/** Keeps what a page has loaded past this worker, on its first visit, and all else it may need later: lessons, checkpoints, licences. */
async function keep(addresses) {
  const paths = addresses.map(pathOf).filter((path) => path !== null);
  const files = new Set([...paths, ...Object.keys(kFiles).filter((path) => !isBuild(path))]);
  for (const path of files) {
    if (Object.hasOwn(kFiles, path)) await fileOf(path).catch(() => {});
  }
  for (const address of addresses.filter((one) => isData(pathOf(one) ?? ''))) {
    if (await caches.match(address, { cacheName: kDataCache })) continue;
    const response = await fetch(address).catch(() => null);
    if (response?.status === 200) await keepData(address, response);
  }
}

/** Lets this worker, which waits, take over, unless other pages of the old version are open. Gives how many there are. */
async function takeOver(asker) {
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const others = pages.filter(({ id, url }) => id !== asker && pathOf(url) !== null).length;
  if (others === 0) await self.skipWaiting();
  return others;
}

/** The core of this version, and of its other files those of which an earlier version is kept. */
async function install() {
  const cache = await caches.open(kPageCache);
  const used = (await cache.keys()).map(({ url }) => pathOf(url)).filter((path) => Object.hasOwn(kFiles, path));
  await Promise.all([...new Set([...Object.keys(kFiles).filter(isCore), ...used])].map(fileOf));
}

/** Throws away what no page of this version asks for, and takes the pages that are open already. */
async function activate() {
  const cache = await caches.open(kPageCache);
  const current = new Set(Object.keys(kFiles).map(keyOf));
  await Promise.all((await cache.keys()).filter(({ url }) => !current.has(url)).map((key) => cache.delete(key)));
  await clients.claim();
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const path = event.request.method === 'GET' ? pathOf(event.request.url) : null;
  if (path !== null) event.respondWith(answer(event, path));
});
self.addEventListener('message', (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep));
  if (event.data?.takeOver) event.waitUntil(takeOver(event.source.id).then((others) => event.ports[0].postMessage({ others })));
});
