// A page with a scripted engine, and how to look at it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openScan, visit, wait } from './person.mjs';
import { ROOT, serve } from './server.mjs';

const script = readFileSync(path.join(ROOT, 'tests/e2e/scripted_worker.js'), 'utf8');
export const SCAN = { name: 'room.ply', mimeType: 'application/octet-stream', buffer: Buffer.from('ply\n') };
export const HOSTILE = '<img src=x onerror="window.hacked=1">';
export const SOON = { timeout: 30_000 };

export const blue = (r, g, b) => b > 120 && b > r + 60 && b > g + 30;
export const green = (r, g, b) => g > 110 && g > r + 60 && g > b + 60;
export const red = (r, g, b) => r > 120 && r > g + 60 && r > b + 60;

/** A page with an open scan, in a browser that the cases share. */
export async function withPage(browser, act, { prepare = async () => {}, ...options } = {}) {
  const extra = { '/worker_loader.js': { type: 'text/javascript', body: script } };
  const server = await serve({ extra });
  const page = await browser.newPage({ viewport: { width: 900, height: 480 }, reducedMotion: 'reduce', ...options });
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  try {
    await prepare(page);
    await visit(page, server.origin, { backend: 'cpu' });
    await openScan(page, SCAN, SOON);
    await settled(page);
    await act(page, server);
    assert.deepEqual(faults, [], 'the page met faults');
  } finally {
    await page.close();
    await server.close();
  }
}

/** A page with a made-up room of the scripted engine. */
export async function withRoom(browser, query, act) {
  const extra = { '/worker_loader.js': { type: 'text/javascript', body: script } };
  const server = await serve({ extra });
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 }, reducedMotion: 'reduce' });
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  try {
    await visit(page, server.origin, { backend: 'cpu', ...query });
    await act(page, server);
    assert.equal(await page.locator('main img').count(), 0);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.deepEqual(faults, [], 'the page met faults');
  } finally {
    await page.close();
    await server.close();
  }
}

export const roomOpen = (page) => wait(page, 'the made-up room', () => !window.byId('made').hidden, SOON);

/** Waits until the view has drawn and, for some turns of the browser's own clock, draws nothing more. */
export async function settled(page) {
  await wait(page, 'a frame', () => Number(window.byId('canvas').dataset.frames) > 0, SOON);
  await page.evaluate(async () => {
    const canvas = window.byId('canvas');
    for (let quiet = 0, frames = ''; quiet < 5;) {
      await new Promise(requestAnimationFrame);
      quiet = canvas.dataset.frames === frames ? quiet + 1 : 0;
      frames = canvas.dataset.frames;
    }
  });
}

/** Looks again until the check holds: on a busy machine a picture comes late. */
export async function eventually(check) {
  const end = Date.now() + SOON.timeout;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}
