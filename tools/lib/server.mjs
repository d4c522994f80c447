// A web server for a folder of static files, with the headers that give a page shared memory (cross-origin isolation).
// Used by tools/serve and by the browser tests; knows nothing of what it serves.

import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.gz': 'application/gzip', // the page inflates these itself: no Content-Encoding
  '.safetensors': 'application/octet-stream',
};

/** What is sent compressed, as web hosts do it; the rest, pictures and gzipped data, would not get smaller. */
const COMPRESSED = new Set(['.html', '.js', '.mjs', '.css', '.json', '.map', '.wasm', '.txt', '.md', '.ttf', '.svg']);

/** Levels that take a tenth of a second for the whole page: it is packed once, when it is first asked for. */
const ENCODERS = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 6 }),
};

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The file that a request's path means, inside root; null when there is none, or when the path leads outside. */
async function findFile(root, url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    if (path.includes('\0')) return null;
    let file = await realpath(join(root, path));
    if (file !== root && !file.startsWith(root + sep)) return null;
    let info = await stat(file);
    if (info.isDirectory()) {
      file = join(file, 'index.html');
      info = await stat(file);
    }
    return info.isFile() ? { file, info } : null;
  } catch {
    return null;
  }
}

function answer(response, status, headers, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}

/** The folder that answers for a path, and the rest of the path: that of the first prefix in `mounts` that fits, else root. */
function folderOf(root, mounts, url) {
  for (const [prefix, folder] of mounts) {
    if (url.startsWith(prefix)) return [folder, `/${url.slice(prefix.length)}`];
  }
  return [root, url];
}

/** The encoding in which a file goes to whoever accepts these; null for none. */
function encodingFor(file, accepted = '') {
  if (!COMPRESSED.has(extname(file))) return null;
  const names = accepted.split(',').map((part) => part.split(';')[0].trim());
  return Object.keys(ENCODERS).find((name) => names.includes(name)) ?? null;
}

/** Compressed files, each kept for as long as its tag is the newest. */
class Packed {
  #kept = new Map();

  /** The bytes of the file in that encoding. */
  async of(file, tag, encoding) {
    const key = `${encoding} ${file}`;
    if (this.#kept.get(key)?.tag !== tag) this.#kept.set(key, { tag, bytes: readFile(file).then(ENCODERS[encoding]) });
    return this.#kept.get(key).bytes;
  }
}

function headersFor({ file, info }, encoding) {
  const tag = `${info.size.toString(16)}-${Math.round(info.mtimeMs * 1000).toString(16)}`;
  return {
    ETag: `"${tag}${encoding ? `-${encoding}` : ''}"`,
    'Last-Modified': info.mtime.toUTCString(),
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    ...(COMPRESSED.has(extname(file)) ? { Vary: 'Accept-Encoding' } : {}),
    ...(encoding ? { 'Content-Encoding': encoding } : {}),
  };
}

async function handle(site, request, response) {
  const always = {
    'Cache-Control': 'no-cache', // ask every time; the answer is 304 while the file is the same
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    ...(site.isolated ? ISOLATION : {}),
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return answer(response, 405, { ...always, Allow: 'GET, HEAD' }, 'Only GET and HEAD.\n');
  }
  const found = await findFile(...folderOf(site.root, site.mounts, request.url));
  if (!found) return answer(response, 404, always, request.method === 'HEAD' ? '' : 'No such file.\n');

  const { file, info } = found;
  const encoding = encodingFor(file, request.headers['accept-encoding']);
  const headers = { ...always, ...headersFor(found, encoding) };
  if (request.headers['if-none-match'] === headers.ETag) {
    response.writeHead(304, headers);
    return response.end();
  }
  const packed = encoding ? await site.packed.of(file, headers.ETag, encoding) : null;
  response.writeHead(200, { ...headers, 'Content-Length': packed?.length ?? info.size });
  if (request.method === 'HEAD') return response.end();
  if (packed) return response.end(packed);
  createReadStream(file).on('error', () => response.destroy()).pipe(response);
}

/**
 * Serves the folder `root`. Port 0 takes a free one. With isolated: false the page gets no shared memory, as on a plain host.
 * `mounts`: other folders, by the prefix of the paths that mean them, as in { '/mnist/': folder }.
 * Resolves to { url, port, close() }; rejects with the system's error, a port in use for one (code EADDRINUSE).
 */
export async function serve({ root, port = 0, host = '127.0.0.1', isolated = true, mounts = {} }) {
  const folder = await realpath(root);
  const others = await Promise.all(Object.entries(mounts).map(async ([prefix, other]) => [prefix, await realpath(other)]));
  const site = { root: folder, mounts: others, isolated, packed: new Packed() };
  const server = createServer((request, response) => {
    handle(site, request, response).catch(() => response.destroy());
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const actual = server.address().port;
  const name = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${actual}`,
    port: actual,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
