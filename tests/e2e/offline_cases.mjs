// The second visit without a network, and the policy where the server sends none: the service worker.

import assert from 'node:assert/strict';
import path from 'node:path';
import { watchNetwork } from './browser.mjs';
import { ask, canaryBlocked, openScan, visit, wait } from './person.mjs';
import { DIST, serve } from './server.mjs';

const SAMPLE = path.join(DIST, 'samples/room.ply');
const QUESTION = 'How many chairs are there?';

async function withWorker(browser, options, act) {
  const server = await serve(options);
  const context = await browser.newContext({ serviceWorkers: 'allow' });
  const page = await context.newPage();
  try {
    await act(page, server, context);
  } finally {
    await context.close();
    await server.close();
  }
}

export const OFFLINE_CASES = {
  'the second visit answers without a network': (browser) => withWorker(browser, {}, async (page, server, context) => {
    await visit(page, server.origin, { backend: 'cpu' });
    await openScan(page, SAMPLE, { timeout: 300_000 });
    const first = await ask(page, QUESTION);
    await context.setOffline(true);
    server.requests.length = 0;
    await page.reload();
    await wait(page, 'the engine', () => window.byId('lock').dataset.state !== 'starting');
    await openScan(page, SAMPLE, { timeout: 300_000 });
    const second = await ask(page, QUESTION);
    assert.equal(second.answer, first.answer);
    // That the browser itself looks for a newer service worker is not ours to forbid.
    const asked = server.requests.filter(({ path: name }) => name !== '/sw.js');
    assert.deepEqual(asked, [], 'something was asked for');
  }),

  'without a policy from the server the service worker locks the page, and it says so': (browser) => (
    withWorker(browser, { lockFree: () => true }, async (page, server) => {
      const network = await watchNetwork(browser, page, server.origin);
      await visit(page, server.origin, { backend: 'cpu' });
      assert.ok(await canaryBlocked(page), 'the canary got through');
      assert.match(await page.locator('#lock').getAttribute('title'), /service worker/);
      assert.deepEqual(network.offOrigin(), []);
      const reached = await page.evaluate(() => fetch('https://example.invalid/').then(() => true, () => false));
      assert.equal(reached, false);
    })
  ),

  'nothing large is fetched before somebody wants an answer': (browser) => withWorker(browser, {}, async (page, server) => {
    const weights = () => server.requests.filter(({ path: name }) => name.endsWith('.safetensors')).length;
    await visit(page, server.origin, { backend: 'cpu' });
    await page.waitForTimeout(1500);
    assert.equal(weights(), 0);
    await openScan(page, SAMPLE, { timeout: 300_000 });
    await ask(page, QUESTION);
    assert.ok(weights() > 0);
    const before = weights();
    // At the next visit they are here already.
    await page.reload();
    await wait(page, 'the engine', () => window.byId('lock').dataset.state !== 'starting');
    await openScan(page, SAMPLE, { timeout: 300_000 });
    await ask(page, QUESTION);
    assert.equal(weights(), before, 'the model was fetched twice');
  }),
};
