// The built page and its models: fetched when they are asked for, kept, gone on with.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ask, openScan, problemOn, visit, wait } from './person.mjs';
import { DIST, serve } from './server.mjs';

const SMALL = 'scanwise-s';
const MEDIUM = 'scanwise-m';
const SAMPLE = path.join(DIST, 'samples/room.ply');
const QUESTION = 'How many chairs are there?';

const manifest = (model) => JSON.parse(readFileSync(path.join(DIST, 'quantized-models', model, 'model.json'), 'utf8'));

/** The shards of one model that another has too, if any. */
function shared() {
  const known = new Set(manifest(SMALL).shards.map(({ sha256 }) => sha256));
  return manifest(MEDIUM).shards.filter(({ sha256 }) => known.has(sha256)).map(({ file }) => file);
}

/** The files of a model that were asked for, in order. */
const asked = (server, model) => server.requests
  .map(({ path: file }) => file)
  .filter((file) => file.startsWith(`/quantized-models/${model}/`))
  .map((file) => path.basename(file));

const weights = (files) => files.filter((file) => file.endsWith('.safetensors'));

async function choose(page, model) {
  await page.click('#settings-open');
  await page.selectOption('#model', model);
  await page.click('#settings-close');
}

async function withSample(browser, options, act) {
  const server = await serve(options);
  // A browser of its own each time: what was kept is gone with it.
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await visit(page, server.origin, { backend: 'cpu' });
    await openScan(page, SAMPLE, { timeout: 300_000 });
    await act(page, server);
  } finally {
    await context.close();
    await server.close();
  }
}

export const MODEL_CASES = {
  'the medium model is fetched when it is chosen, and kept': (browser) => withSample(browser, {}, async (page, server) => {
    const small = await ask(page, QUESTION);
    assert.deepEqual(asked(server, MEDIUM), []);
    await choose(page, MEDIUM);
    const medium = await ask(page, QUESTION);
    assert.ok(medium.bytes > 1.5 * small.bytes, `${medium.bytes} and ${small.bytes} bytes`);
    assert.ok(medium.instances > 5);
    const own = manifest(MEDIUM).shards.map(({ file }) => file);
    assert.deepEqual(weights(asked(server, MEDIUM)), own.filter((file) => !shared().includes(file)));

    // Another visit: the choice is remembered, and no weights are asked for.
    server.requests.length = 0;
    await visit(page, server.origin, { backend: 'cpu' });
    assert.equal(await page.inputValue('#model'), MEDIUM);
    await openScan(page, SAMPLE, { timeout: 300_000 });
    const again = await ask(page, QUESTION);
    assert.equal(again.answer, medium.answer);
    assert.deepEqual([...weights(asked(server, MEDIUM)), ...weights(asked(server, SMALL))], []);
  }),

  'a download that breaks off leaves the model before, and goes on': (browser) => {
    const last = manifest(MEDIUM).shards.at(-1).file;
    let isBroken = true;
    const breaksOff = (name) => isBroken && name.endsWith(`${MEDIUM}/${last}`);
    return withSample(browser, { breaksOff }, async (page, server) => {
      const before = await ask(page, QUESTION);
      await choose(page, MEDIUM);
      await page.waitForSelector('#problem[data-code="download"]:not([hidden])', { timeout: 120_000 });
      assert.match((await problemOn(page)).words, /goes on where it broke off.*the one before answers/s);
      assert.equal(asked(server, MEDIUM).filter((file) => file === last).length, 3);
      await page.click('#problem-dismiss');
      assert.equal(await page.inputValue('#model'), SMALL);
      assert.equal((await ask(page, QUESTION)).bytes, before.bytes);

      isBroken = false;
      server.requests.length = 0;
      await choose(page, MEDIUM);
      await wait(page, 'the model', () => !window.byId('ask').disabled);
      assert.ok((await ask(page, QUESTION)).bytes > before.bytes);
      assert.deepEqual(weights(asked(server, MEDIUM)), [last]);
    });
  },
};
