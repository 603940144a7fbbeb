// How soon a large scan is on the screen, and how long the page itself is held up meanwhile: a million points of a made-up
// hall, opened in the built page. `node tests/bench/load.mjs [RUNS]` prints one JSON line.

import { launch } from '../e2e/browser.mjs';
import { ask, visit, wait } from '../e2e/person.mjs';
import { serve } from '../e2e/server.mjs';

const POINTS = 1_000_000;
const runs = Number(process.argv[2] ?? 3);

/** Floor, two walls and a few boxes, binary, with colours. */
function hall() {
  const header = `ply\nformat binary_little_endian 1.0\nelement vertex ${POINTS}\n${['x', 'y', 'z'].map((a) => `property float ${a}\n`).join('')}`
    + `${['red', 'green', 'blue'].map((c) => `property uchar ${c}\n`).join('')}end_header\n`;
  const body = Buffer.alloc(POINTS * 15);
  let state = 7;
  const random = () => { state = (state * 1664525 + 1013904223) % 4294967296; return state / 4294967296; };
  const boxes = Array.from({ length: 12 }, () => [random() * 8, random() * 6, 0.4 + random(), 0.4 + random(), 0.4 + random()]);
  for (let i = 0; i < POINTS; i += 1) {
    const [u, v, kind] = [random(), random(), i % 6];
    const [bx, by, w, d, h] = boxes[i % boxes.length];
    const at = [
      [u * 9, v * 7, 0], [u * 9, 0, v * 2.6], [0, u * 7, v * 2.6], [bx + u * w, by + v * d, h], [bx + u * w, by, v * h], [bx, by + u * d, v * h],
    ][kind];
    at.forEach((value, axis) => body.writeFloatLE(value, i * 15 + axis * 4));
    body.set([90 + (i % boxes.length) * 12, 120, 200 - kind * 20], i * 15 + 12);
  }
  return Buffer.concat([Buffer.from(header), body]);
}

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const browser = await launch();
const server = await serve();
const found = [];
try {
  const file = { name: 'hall.ply', mimeType: 'application/octet-stream', buffer: hall() };
  for (let run = 0; run < runs; run += 1) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await visit(page, server.origin, { backend: 'cpu' });
    await page.evaluate(() => {
      window.long = [];
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.long.push(entry); }).observe({ type: 'longtask' });
      // From the moment when the browser hands the file over: what comes before is the test's own.
      window.byId('file').addEventListener('change', () => { window.began = performance.now(); }, { capture: true });
      new MutationObserver(() => { window.first ??= performance.now(); }).observe(window.byId('canvas'), { attributeFilter: ['data-frames'] });
      window.byId('file').addEventListener('change', () => { window.first = undefined; }, { capture: true });
    });
    await page.setInputFiles('#file', file);
    await wait(page, 'the objects', () => !window.byId('found').hidden);
    await ask(page, 'How many chairs are there?');
    found.push(await page.evaluate(() => ({
      first_ms: window.first - window.began,
      long: window.long.filter(({ startTime }) => startTime >= window.began).map(({ duration }) => duration),
    })));
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
const longest = found.map(({ long }) => Math.max(0, ...long));
console.log(JSON.stringify({
  points: POINTS,
  runs,
  first_points_ms: middle(found.map(({ first_ms: ms }) => ms)),
  long_tasks: middle(found.map(({ long }) => long.length)),
  longest_task_ms: middle(longest),
}));
