// A web server for a folder of static files, with the headers that give a page shared memory (cross-origin isolation).
// Used by tools/serve and by the browser tests; knows nothing of what it serves.

import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';

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

async function handle(root, mounts, isolated, request, response) {
  const headers = {
    'Cache-Control': 'no-cache', // ask every time; the answer is 304 while the file is the same
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    ...(isolated ? ISOLATION : {}),
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return answer(response, 405, { ...headers, Allow: 'GET, HEAD' }, 'Only GET and HEAD.\n');
  }
  const found = await findFile(...folderOf(root, mounts, request.url));
  if (!found) return answer(response, 404, headers, request.method === 'HEAD' ? '' : 'No such file.\n');

  const { file, info } = found;
  headers.ETag = `"${info.size.toString(16)}-${Math.round(info.mtimeMs * 1000).toString(16)}"`;
  headers['Last-Modified'] = info.mtime.toUTCString();
  if (request.headers['if-none-match'] === headers.ETag) {
    response.writeHead(304, headers);
    return response.end();
  }
  headers['Content-Type'] = TYPES[extname(file)] ?? 'application/octet-stream';
  headers['Content-Length'] = info.size;
  response.writeHead(200, headers);
  if (request.method === 'HEAD') return response.end();
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
  const server = createServer((request, response) => {
    handle(folder, others, isolated, request, response).catch(() => response.destroy());
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
