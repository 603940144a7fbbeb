// Serves the built page with its real headers and keeps a log of every request.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The built page: `$SCANWISE_DIST`, else `dist/`. */
export const DIST = path.resolve(process.env.SCANWISE_DIST ?? path.join(ROOT, 'dist'));

/** As `xtask/src/headers.rs` sends it; a test compares the two. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
  "connect-src 'self'; img-src 'self' blob: data:; style-src 'self'; font-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; " +
  "frame-ancestors 'self'";

/** The one page that may be framed by anybody's has another last word. */
const policyOf = (name) => (name === '/embed.html' ? POLICY.replace(/frame-ancestors .*$/, 'frame-ancestors *') : POLICY);

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
};

/**
 * Starts a server on a free port of 127.0.0.1.
 * @param {object} options
 * @param {string} [options.dist] the folder to serve
 * @param {Record<string, {type: string, body: string}>} [options.extra] pages by path, for tests
 * @param {(name: string) => boolean} [options.lockFree] files to send without the policy
 * @param {(name: string) => boolean} [options.breaksOff] files of which half is sent before the line goes dead
 */
export async function serve({ dist = DIST, extra = {}, lockFree = () => false, breaksOff = () => false } = {}) {
  if (!existsSync(path.join(dist, 'index.html'))) {
    throw new Error(`there is no built page in ${dist}; \`cargo xtask serve\` builds it`);
  }
  const requests = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    requests.push({ method: request.method, host: request.headers.host, path: url.pathname });
    const name = decodeURIComponent(url.pathname).replace(/\/$/, '/index.html');
    const headers = {
      'Content-Type': TYPES[path.extname(name)] ?? 'application/octet-stream',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-cache',
    };
    if (!lockFree(name)) headers['Content-Security-Policy'] = policyOf(name);
    if (extra[name]) {
      response.writeHead(200, { ...headers, 'Content-Type': extra[name].type });
      response.end(extra[name].body);
      return;
    }
    const file = path.join(dist, path.normalize(name));
    const within = file.startsWith(dist + path.sep);
    if (!within || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, { ...headers, 'Content-Type': 'text/plain' });
      response.end('no such file');
      return;
    }
    const { size } = statSync(file);
    response.writeHead(200, { ...headers, 'Content-Length': size });
    if (breaksOff(name)) {
      createReadStream(file, { end: Math.floor(size / 2) }).on('end', () => response.destroy()).pipe(response, { end: false });
      return;
    }
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    requests,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}
