// The built page with its real engine: policy, shaders, shared device, answers, bad files.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { askPage } from './ask.mjs';
import { launch, watchNetwork } from './browser.mjs';
import { ask, canaryBlocked, openScan, problemOn, visit, wait } from './person.mjs';
import { DIST, POLICY, ROOT, serve } from './server.mjs';

const MODEL = 'scanwise-s';
const SAMPLE = path.join(DIST, 'samples/room.ply');
const QUESTION = 'How many chairs are there?';

/** A case that cannot be run here says why. */
export class Skip extends Error {}

function needModel() {
  const file = path.join(DIST, 'quantized-models', MODEL, 'model.json');
  if (!existsSync(file)) throw new Skip(`there is no model ${MODEL} yet`);
}

function needScans() {
  const folder = process.env.SCANWISE_SCANS;
  if (!folder || !existsSync(folder)) throw new Skip('there are no real scans here: SCANWISE_SCANS');
  return folder;
}

function needSample() {
  if (!existsSync(SAMPLE)) throw new Skip('there is no sample room yet');
}

async function withPage(browser, options, act) {
  const server = await serve(options);
  const page = await browser.newPage();
  try {
    await act(page, server);
  } finally {
    await page.close();
    await server.close();
  }
}

/** Runs the worker's self-test and returns its findings. */
async function selfTest(page, server, model) {
  await page.goto(`${server.origin}/blank.html`);
  return page.evaluate((name) => new Promise((resolve, reject) => {
    const worker = new Worker('worker_loader.js', { type: 'module', name });
    worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
    worker.onerror = (event) => reject(new Error(event.message || 'the worker broke'));
  }), `self-test ${model}`.trim());
}

const BLANK = { '/blank.html': { type: 'text/html', body: '<!doctype html><title>blank</title>' } };

export const ENGINE_CASES = {
  'page, worker and wasm carry the policy of the real server': async () => {
    const source = readFileSync(path.join(ROOT, 'xtask/src/headers.rs'), 'utf8');
    const real = source.match(/POLICY: &str = "([^"]*)"/)[1].replace(/\\\s*/g, '');
    assert.equal(real, POLICY);
    const server = await serve();
    try {
      for (const file of ['/', '/boot.js', '/page.js', '/worker.js', '/worker_loader.js', '/worker_bg.wasm']) {
        const answer = await fetch(server.origin + file);
        assert.equal(answer.status, 200, file);
        assert.equal(answer.headers.get('content-security-policy'), POLICY, file);
        await answer.body.cancel();
      }
    } finally {
      await server.close();
    }
    assert.doesNotMatch(readFileSync(path.join(DIST, 'index.html'), 'utf8'), /__TRUNK_|<script>|\sstyle=/i);
  },

  'the canary is seen blocked and nothing leaves the origin': (browser) => withPage(browser, {}, async (page, server) => {
    const network = await watchNetwork(browser, page, server.origin);
    await visit(page, server.origin, { backend: 'cpu' });
    assert.ok(await canaryBlocked(page));
    assert.ok(network.targets.has('worker'), `targets: ${[...network.targets]}`);
    assert.deepEqual(network.offOrigin(), []);
  }),

  'without the policy the canary says so and the count sees it': (browser) => withPage(browser, { lockFree: () => true }, async (page, server) => {
    const network = await watchNetwork(browser, page, server.origin);
    await visit(page, server.origin, { backend: 'cpu' });
    assert.equal(await page.getAttribute('#lock', 'data-state'), 'open');
    assert.ok(network.offOrigin().some(({ url }) => url.includes('example.invalid')), 'the request was not counted');
  }),

  'every shader compiles in Chromium': (browser) => withPage(browser, { extra: BLANK }, async (page, server) => {
    const { shaders } = await selfTest(page, server, '');
    const names = new Set(shaders.map(([label]) => label.split(' ')[0]));
    assert.ok(names.size >= 10, `only ${[...names]}`);
    const problems = await page.evaluate(async (variants) => {
      const adapter = await navigator.gpu?.requestAdapter();
      if (!adapter) return ['there is no WebGPU adapter'];
      const device = await adapter.requestDevice();
      const found = [];
      for (const [label, code] of variants) {
        device.pushErrorScope('validation');
        const module = device.createShaderModule({ label, code });
        const { messages } = await module.getCompilationInfo();
        for (const message of messages.filter(({ type }) => type === 'error')) {
          found.push(`${label}:${message.lineNum}: ${message.message}`);
        }
        await device.createComputePipelineAsync({ layout: 'auto', compute: { module } })
          .catch((error) => found.push(`${label}: ${error.message}`));
        await device.popErrorScope();
      }
      return found;
    }, shaders);
    assert.deepEqual(problems, []);
  }),

  'Burn and our pipelines share one device': (browser) => withPage(browser, { extra: BLANK }, async (page, server) => {
    needModel();
    for (const model of [MODEL, 'scanwise-m']) {
      const findings = await selfTest(page, server, model);
      assert.equal(findings.problem, '', model);
      assert.match(findings.encode, /wgpu/);
      assert.match(findings.lm, /wgpu/);
    }
  }),

  'corrections are saved into the person\'s own file': (browser) => withPage(browser, {}, async (page, server) => {
    needSample();
    await visit(page, server.origin, { backend: 'cpu' });
    const own = readFileSync(SAMPLE);
    // A column that only the file knows: what is shown of a scan would not have it.
    const header = own.subarray(0, own.indexOf('end_header\n')).toString();
    const buffer = Buffer.concat([Buffer.from(`${header}comment kept by hand\nend_header\n`), own.subarray(header.length + 11)]);
    await openScan(page, { name: 'mine.ply', mimeType: 'application/octet-stream', buffer }, { timeout: 300_000 });
    await page.locator('#objects [data-select]').first().click();
    await page.locator('#mend-delete:not([disabled])').click({ timeout: 300_000 });
    await page.locator('#mend-save:not([disabled])').click({ timeout: 300_000, trial: true });
    const [file] = await Promise.all([
      page.waitForEvent('download', { predicate: (one) => one.suggestedFilename() === 'mine-objects.ply', timeout: 120_000 }),
      page.locator('#mend-save').click(),
    ]);
    const saved = readFileSync(await file.path());
    const top = saved.subarray(0, saved.indexOf('end_header\n')).toString();
    assert.match(top, /comment kept by hand\n/);
    assert.match(top, /property ushort instance\nproperty ushort label\n/);
    assert.deepEqual(saved.subarray(top.length + 11, top.length + 26), own.subarray(header.length + 11, header.length + 26));
  }),

  'photographs without poses are refused, and the scan stays open': (browser) => withPage(browser, {}, async (page, server) => {
    needSample();
    await visit(page, server.origin, { backend: 'cpu' });
    await openScan(page, SAMPLE, { timeout: 300_000 });
    const png = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(64, 48);
      canvas.getContext('2d').fillRect(0, 0, 64, 48);
      const blob = await canvas.convertToBlob({ type: 'image/png' });
      return [...new Uint8Array(await blob.arrayBuffer())];
    });
    await page.setInputFiles('#file', { name: '1.png', mimeType: 'image/png', buffer: Buffer.from(png) });
    await page.waitForFunction(() => !window.byId('problem').hidden, null, { timeout: 120_000 });
    const { code, words } = await problemOn(page);
    assert.equal(code, 'photos-without-poses');
    assert.match(words, /transforms\.json/);
    await page.locator('#problem-dismiss').click();
    assert.ok(await page.locator('#objects [data-select]').first().isVisible());
  }),

  'a real scan is looked at on its photographs': (browser) => withPage(browser, {}, async (page, server) => {
    needModel();
    const folder = path.join(needScans(), 'dining_room_rgbd');
    await visit(page, server.origin, { backend: 'cpu' });
    const names = readdirSync(folder).filter((name) => /color\.png$|^poses\.txt$/.test(name));
    const files = names.map((name) => ({
      name, mimeType: 'application/octet-stream', buffer: readFileSync(path.join(folder, name)),
    }));
    const scan = { name: 'dining_room.ply', mimeType: 'application/octet-stream', buffer: readFileSync(path.join(folder, '../dining_room.ply')) };
    const intrinsics = { name: 'intrinsics.txt', mimeType: 'text/plain', buffer: Buffer.from('518 519 325.5 253.5') };
    await openScan(page, [scan, intrinsics, ...files], { timeout: 300_000 });
    await wait(page, 'the photographs to be looked at', () =>
      /\d+ of \d+ objects are looked at on your 5 photographs/.test(window.byId('found').textContent));
    const report = await ask(page, 'How many chairs are there?', { timeout: 300_000 });
    assert.ok(report.answer.length > 0);
  }),

  'a bad file is refused in words': (browser) => withPage(browser, {}, async (page, server) => {
    await visit(page, server.origin, { backend: 'cpu' });
    // Where there is no model that is a problem of its own, said first.
    await page.waitForFunction(() => !window.byId('problem').hidden
      || window.byId('progress').hidden, null, { timeout: 120_000 });
    await page.evaluate(() => { window.byId('problem').hidden = true; });
    const buffer = Buffer.from('PK\u0003\u0004 this is a zip archive');
    await page.setInputFiles('#file', { name: 'scan.zip', mimeType: 'application/zip', buffer });
    await page.waitForFunction(() => window.byId('problem-title').textContent.includes('could not be opened')
      && !window.byId('problem').hidden, null, { timeout: 120_000 });
    const { words } = await problemOn(page);
    assert.match(words, /PLY/i);
    assert.ok(await page.locator('#problem-other').isVisible());
    assert.ok(await page.locator('#welcome').isVisible());
  }),

  'a bad file costs neither the scan that was open nor the talk about it': (browser) => withPage(browser, {}, async (page, server) => {
    needModel();
    await visit(page, server.origin, { backend: 'cpu' });
    await openScan(page, SAMPLE);
    const { answer } = await ask(page, 'How many chairs are there?');
    await page.setInputFiles('#file', { name: 'scan.zip', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004') });
    await page.waitForFunction(() => !window.byId('problem').hidden, null, { timeout: 120_000 });
    await page.click('#problem-dismiss');
    await wait(page, 'the sample again', () => window.within().querySelectorAll('.turn').length === 1);
    assert.match(await page.locator('#scan-name').innerText(), /room/i);
    assert.ok((await page.locator('.turn .words').innerText()).startsWith(answer.trim()));
    assert.ok(await page.locator('#welcome').isHidden());
    assert.ok(await page.locator('#objects .object').count() > 5);
  }),

  'the page that measures does so on both processors': async (browser) => withPage(browser, {}, async (page, server) => {
    await page.goto(`${server.origin}/bench.html`);
    const measure = async (what, where) => {
      await page.check(`[name=what][value=${what}]`);
      await page.check(`[name=where][value=${where}]`);
      await page.click('#run');
      await page.waitForFunction(() => !document.getElementById('run').disabled, null, { timeout: 300_000 });
      assert.equal(await page.locator('#state').innerText(), '');
      const figures = await page.locator('#figures tbody tr').evaluateAll((lines) => lines.map((line) => [...line.cells].map((cell) => cell.textContent)));
      return { figures: Object.fromEntries(figures), backend: await page.locator('#backend').innerText() };
    };
    const onCpu = await measure('kernels', 'cpu');
    assert.equal(onCpu.backend, 'cpu');
    assert.ok(Number(onCpu.figures['matvec 576x576']) > 0, JSON.stringify(onCpu));
    const onGpu = await measure('kernels', 'gpu');
    assert.match(onGpu.backend, /wgpu/);
    assert.ok(Number(onGpu.figures.dispatch) > 0, JSON.stringify(onGpu));
    // A file is needed where one is meant.
    await page.check('[name=what][value=parity]');
    await page.click('#run');
    assert.match(await page.locator('#state').innerText(), /Choose a GGUF file/);
  }),

  'the sample is answered alike on the CPU and on WebGPU': async () => {
    needModel();
    needSample();
    const cpu = await askPage({ scan: SAMPLE, question: QUESTION, cpu: true });
    const gpu = await askPage({ scan: SAMPLE, question: QUESTION, webgpu: true });
    assert.equal(gpu.answer, cpu.answer);
    assert.deepEqual(gpu.spans, cpu.spans);
    for (const run of [cpu, gpu]) {
      assert.ok(run.answer.length > 0);
      assert.ok(run.objects.length > 0, 'no object is named');
      assert.equal(run.requests_off_origin, 0);
      assert.equal(run.canary_blocked, true);
    }
    assert.match(gpu.backend.lm, /wgpu/);
    assert.equal(cpu.backend.lm, 'cpu');
  },

  'the sample opens by its button and Stop is heard': (browser) => withPage(browser, {}, async (page, server) => {
    needModel();
    needSample();
    await visit(page, server.origin, { backend: 'cpu' });
    await page.click('#welcome-sample');
    await wait(page, 'the model to be ready', () => !window.byId('ask').disabled);
    // Stopped while it waits or works: either way the page can be asked again.
    await page.fill('#question', 'Describe the room.');
    await page.click('#ask');
    await page.click('#stop');
    await page.waitForSelector('.ended', { timeout: 10_000 });
    assert.match(await page.locator('.ended').innerText(), /Stopped/);
    await wait(page, 'to be able to ask again', () => !window.byId('ask').disabled, { timeout: 10_000 });
  }),

  'a surprise room is made, asked, checked and tested': (browser) => withPage(browser, {}, async (page, server) => {
    needModel();
    const network = await watchNetwork(browser, page, server.origin);
    // Few questions: software answers them here.
    await visit(page, server.origin, { backend: 'cpu', questions: '6', room: '7' });
    await wait(page, 'the room', () => !window.byId('made').hidden && !window.byId('ask').disabled);
    assert.match(await page.locator('#scan-name').innerText(), /^Made-up room 7 · [\d,]{6,} points/);
    assert.ok(await page.locator('#objects li').count() > 3);
    assert.ok(await page.locator('#chips button').count() > 5);
    await page.locator('#chips button').first().click();
    await page.waitForSelector('.answer[aria-busy="false"] .check', { timeout: 120_000 });
    await page.click('.check summary');
    const check = await page.locator('.check').innerText();
    assert.match(check, /(Right|Not right)\.\s+(True answer|It is about)/);
    await page.click('#made-test');
    await page.waitForSelector('.scores', { timeout: 300_000 });
    assert.match(await page.locator('.result .words').innerText(), /^\d of 6 right\.$/);
    const asked = await page.locator('.scores tbody tr td:last-child').allTextContents();
    assert.equal(asked.reduce((sum, count) => sum + Number(count), 0), 6);
    assert.deepEqual(network.offOrigin(), []);
  }),

  'asking for WebGPU without an adapter fails': async () => {
    needModel();
    const browser = await launch({ webgpu: false });
    try {
      await withPage(browser, {}, async (page, server) => {
        await visit(page, server.origin, { backend: 'gpu' });
        await page.click('#welcome-sample');
        await assert.rejects(
          wait(page, 'the model', () => !window.byId('ask').disabled, { timeout: 120_000 }),
          /WebGPU|adapter/,
        );
        assert.ok(await page.locator('#problem-cpu').isVisible());
      });
    } finally {
      await browser.close();
    }
  },
};
