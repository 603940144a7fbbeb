// <scan-wise> on other people's pages.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageFolder } from './browser.mjs';
import { SOON, eventually } from './scripted.mjs';
import { DIST, ROOT, serve } from './server.mjs';

const script = readFileSync(path.join(ROOT, 'tests/e2e/scripted_worker.js'), 'utf8');
const table = JSON.parse(readFileSync(path.join(ROOT, 'web/custom-elements.json'), 'utf8')).modules[0].declarations[0];
const page = (body) => ({ type: 'text/html', body: `<!doctype html><html lang="en"><title>host</title>${body}` });

const HOST = page(`<style>scan-wise { width: 700px; height: 420px }</style><h1>A page of somebody</h1><div id="place"></div>
  <script type="module" src="scan-wise.js"></script>`);

/** A page of somebody else's, with what it is given for extra. */
async function withHost(browser, act, { extra = {}, start = '/host.html' } = {}) {
  const server = await serve({
    extra: { '/host.html': HOST, '/worker_loader.js': { type: 'text/javascript', body: script }, ...extra },
    // The page's own policy is its author's.
    lockFree: (name) => name === '/host.html',
  });
  const host = await browser.newPage({ viewport: { width: 1000, height: 700 }, reducedMotion: 'reduce' });
  const faults = [];
  host.on('pageerror', (error) => faults.push(error.message));
  try {
    await host.goto(server.origin + start);
    await host.evaluate(() => customElements.whenDefined('scan-wise'));
    await act(host, server);
    assert.deepEqual(faults, [], 'the page met faults');
  } finally {
    await host.close();
    await server.close();
  }
}

const SCAN = { '/scans/room.ply': { type: 'application/octet-stream', body: 'ply\n' } };

export const ELEMENT_CASES = {
  'the element can do all that its table says, and no more': (browser) => withHost(browser, async (host) => {
    const found = await host.evaluate(() => {
      const ScanWise = customElements.get('scan-wise');
      const lifecycle = ['constructor', 'connectedCallback', 'disconnectedCallback', 'attributeChangedCallback', 'breakDown'];
      const members = Object.getOwnPropertyNames(ScanWise.prototype).filter((name) => !lifecycle.includes(name));
      return { members, observed: ScanWise.observedAttributes };
    });
    assert.deepEqual(found.members.sort(), table.members.map(({ name }) => name).sort());
    const known = table.attributes.map(({ name }) => name);
    assert.deepEqual(found.observed.filter((name) => !known.includes(name)), []);
    const inside = readFileSync(path.join(DIST, 'scanwise.html'), 'utf8');
    for (const { name } of table.cssParts) assert.ok(inside.includes(`part="${name}"`), `no part ${name}`);
    for (const { name } of table.slots) assert.ok(inside.includes(`<slot name="${name}"`), `no slot ${name}`);
    const look = readFileSync(path.join(DIST, 'scanwise.css'), 'utf8');
    for (const { name } of table.cssProperties) assert.ok(look.includes(`${name}:`), `no property ${name}`);
  }),

  'an author opens, asks, lights, pictures and hears of it': (browser) => withHost(browser, async (host) => {
    const heard = await host.evaluate(async () => {
      const element = document.createElement('scan-wise');
      const events = [];
      for (const name of ['lock', 'scene', 'asked', 'partial', 'answer', 'ended', 'refused']) {
        document.addEventListener(`scanwise-${name}`, ({ detail, target }) => events.push([name, target === element, detail]));
      }
      document.getElementById('place').append(element);
      const scene = await element.load('scans/room.ply');
      const parts = [];
      for await (const part of element.ask('How far is #1?')) parts.push(part);
      element.highlight([2]);
      const lit = [...element.shadowRoot.querySelectorAll('#objects [aria-pressed="true"]')].length;
      element.focus(1);
      const picture = await element.screenshot({ labels: false });
      const signature = [...new Uint8Array(await picture.slice(0, 4).arrayBuffer())];
      const elsewhere = await element.load('https://example.invalid/room.ply').catch((error) => error.message);
      const missing = await element.load('scans/none.ply').catch((error) => error.message);
      return { scene, parts, lit, signature, elsewhere, missing, events };
    });
    assert.equal(heard.scene.name, 'room.ply');
    assert.equal(heard.scene.objects.length, 2);
    assert.equal(heard.parts.at(-1).done, true);
    assert.equal(heard.parts[0].answer, 'The blue sofa');
    assert.ok(heard.parts.slice(0, -1).every(({ done }) => done === false));
    assert.equal(heard.parts.at(-1).question, 'How far is #1?');
    assert.equal(heard.lit, 1);
    assert.deepEqual(heard.signature, [0x89, 0x50, 0x4e, 0x47]);
    assert.match(heard.elsewhere, /another origin/);
    assert.match(heard.missing, /404/);
    const names = heard.events.map(([name]) => name);
    for (const name of ['lock', 'scene', 'asked', 'partial', 'answer', 'refused']) assert.ok(names.includes(name), `no ${name}`);
    assert.ok(heard.events.every(([, is]) => is), 'an event from elsewhere');
  }, { extra: SCAN }),

  'questions wait for each other, and leaving a loop stops one': (browser) => withHost(browser, async (host) => {
    const said = await host.evaluate(async () => {
      const element = document.createElement('scan-wise');
      document.getElementById('place').append(element);
      await element.load('scans/room.ply');
      const last = async (question) => {
        let answer = '';
        for await (const part of element.ask(question)) answer = `${part.question}${part.done ? '.' : ''}`;
        return answer;
      };
      const both = await Promise.all([last('first'), last('second')]);
      // This one is never answered to its end.
      for await (const part of element.ask('wait for ever')) if (part.answer) break;
      const after = await last('third');
      const stopped = (async () => { for await (const part of element.ask('wait again')) if (part.answer) element.stop(); })();
      return { both, after, stopped: await stopped.catch((error) => error.message) };
    });
    assert.deepEqual(said.both, ['first.', 'second.']);
    assert.equal(said.after, 'third.');
    assert.equal(said.stopped, 'Stopped.');
  }, { extra: SCAN }),

  'several live on one page, apart from each other and from it': (browser) => withHost(browser, async (host) => {
    const state = await host.evaluate(async () => {
      const place = document.getElementById('place');
      // The page's own element of the same id, and its own idea of a button.
      place.innerHTML = '<p id="question">mine</p><style>button { display: none !important }</style>';
      const [one, two] = [document.createElement('scan-wise'), document.createElement('scan-wise')];
      two.setAttribute('theme', 'dark');
      place.append(one, two);
      await Promise.all([one.load('scans/room.ply'), two.makeRoom(5)]);
      for await (const part of one.ask('Only here?')) if (part.done) break;
      const turns = (element) => element.shadowRoot.querySelectorAll('.turn').length;
      const name = (element) => element.shadowRoot.getElementById('scan-name').textContent;
      const paper = (element) => getComputedStyle(element.shadowRoot.querySelector('.all')).backgroundColor;
      const button = getComputedStyle(one.shadowRoot.getElementById('ask')).display;
      return { turns: [turns(one), turns(two)], names: [name(one), name(two)], papers: [paper(one), paper(two)], button };
    });
    assert.deepEqual(state.turns, [1, 0]);
    assert.match(state.names[0], /^room\.ply/);
    assert.match(state.names[1], /^Made-up room 5/);
    assert.notEqual(state.papers[0], state.papers[1]);
    assert.notEqual(state.button, 'none');
  }, { extra: SCAN }),

  'an element that is moved goes on, and one far below has not begun': (browser) => withHost(browser, async (host) => {
    await host.evaluate(async () => {
      const place = document.getElementById('place');
      place.innerHTML = '<div id="a"></div><div id="b"></div><div style="height: 4000px"></div>';
      const far = document.createElement('scan-wise');
      far.id = 'far';
      place.append(far);
      const element = document.createElement('scan-wise');
      document.getElementById('a').append(element);
      await element.load('scans/room.ply');
      for await (const part of element.ask('Before?')) if (part.done) break;
      document.getElementById('b').append(element);
      await new Promise((resolve) => { setTimeout(resolve, 50); });
      for await (const part of element.ask('After?')) if (part.done) break;
    });
    assert.equal(await host.locator('#b .turn').count(), 2);
    assert.equal(host.workers().length, 1, 'the one below has started');
    await host.evaluate(() => document.getElementById('far').scrollIntoView());
    await eventually(async () => assert.equal(host.workers().length, 2));
  }, { extra: SCAN }),

  'twenty times put in and taken out, nothing stays': (browser) => withHost(browser, async (host) => {
    const session = await host.context().newCDPSession(host);
    const heap = async () => {
      for (let i = 0; i < 3; i += 1) await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
      return { usedSize, nodes, jsEventListeners };
    };
    const cycle = (times) => host.evaluate(async (count) => {
      for (let i = 0; i < count; i += 1) {
        const element = document.createElement('scan-wise');
        document.getElementById('place').append(element);
        await element.load('scans/room.ply');
        for await (const part of element.ask('Here?')) if (part.done) break;
        element.remove();
        await new Promise((resolve) => { setTimeout(resolve, 20); });
      }
    }, times);
    await cycle(3);
    await eventually(async () => assert.equal(host.workers().length, 0));
    const before = await heap();
    await cycle(20);
    await eventually(async () => assert.equal(host.workers().length, 0, 'workers are left'));
    await eventually(async () => {
      const after = await heap();
      assert.ok(after.nodes < before.nodes + 200, `nodes: ${before.nodes} → ${after.nodes}`);
      assert.ok(after.jsEventListeners < before.jsEventListeners + 40, `listeners: ${before.jsEventListeners} → ${after.jsEventListeners}`);
      assert.ok(after.usedSize < before.usedSize + 3_000_000, `heap: ${before.usedSize} → ${after.usedSize}`);
    });
    const wasm = await host.evaluate(async () => (await (await import('./page.js')).default()).memory.buffer.byteLength);
    assert.ok(wasm < 64 * 1024 * 1024, `${wasm} bytes of wasm memory`);
  }, { extra: SCAN }),

  'anybody may frame the page for frames, and nobody the other': async (browser) => {
    const frames = (origin) => page(`<iframe id="free" src="${origin}/embed.html?room=5&hide=bar" width="800" height="500"></iframe>
      <iframe id="bound" src="${origin}/index.html" width="800" height="500"></iframe>`);
    const own = await serve({ extra: { '/worker_loader.js': { type: 'text/javascript', body: script } } });
    const other = await serve({ extra: { '/host.html': frames(own.origin) }, lockFree: (name) => name === '/host.html' });
    const host = await browser.newPage();
    try {
      await host.goto(`${other.origin}/host.html`);
      await host.frameLocator('#free').locator('#made').waitFor({ state: 'visible', timeout: SOON.timeout });
      assert.equal(await host.frameLocator('#free').locator('.bar').isVisible(), false);
      assert.equal(await host.frameLocator('#bound').locator('scan-wise').count(), 0, 'the page itself can be framed');
    } finally {
      await host.close();
      await Promise.all([own.close(), other.close()]);
    }
  },

  'the article teaches with three live rooms': (browser) => withHost(browser, async (host) => {
    const press = (name) => host.locator(`[data-act="${name}"]`).click();
    await eventually(async () => assert.ok(await host.locator('#first .object').count() > 0, 'no first room'));
    await press('largest');
    await eventually(async () => assert.equal(await host.locator('#first [aria-pressed="true"][data-select]').count(), 1));
    await host.locator('#third').scrollIntoViewIfNeeded();
    await eventually(async () => assert.ok(await host.locator('#third .object').count() > 0, 'no third room'));
    await press('ask');
    await eventually(async () => assert.match(await host.locator('main > #said').innerText(), /^It says: .*1\.83 m/));
  }, { start: '/article.html' }),

  'the package works in an empty Vite page': async (browser) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'scanwise-vite-'));
    const npm = path.join(ROOT, 'target/package/npm');
    try {
      execFileSync(process.env.CARGO ?? 'cargo', ['xtask', 'package'], { cwd: ROOT, stdio: 'ignore' });
      mkdirSync(path.join(folder, 'public'), { recursive: true });
      cpSync(npm, path.join(folder, 'public/scan-wise'), { recursive: true });
      cpSync(path.join(DIST, 'samples/room.ply'), path.join(folder, 'public/room.ply'));
      writeFileSync(path.join(folder, 'index.html'), `<!doctype html><html lang="en"><title>Vite</title>
        <script type="module" src="/scan-wise/scan-wise.js"></script>
        <scan-wise src="room.ply" loading="eager" backend="cpu"></scan-wise>`);
      const { build } = await import(path.join(packageFolder('vite'), 'dist/node/index.js'));
      await build({ root: folder, logLevel: 'silent' });
      const server = await serve({ dist: path.join(folder, 'dist'), lockFree: (name) => name === '/index.html' });
      const host = await browser.newPage();
      try {
        await host.goto(`${server.origin}/`);
        const answer = await host.evaluate(async () => {
          const element = document.querySelector('scan-wise');
          await new Promise((resolve) => { element.addEventListener('scanwise-scene', resolve, { once: true }); });
          for await (const part of element.ask('How many chairs are there?')) if (part.done) return part;
          return null;
        });
        assert.ok(answer.answer.length > 0);
        assert.ok(answer.instances > 5);
        const types = readFileSync(path.join(npm, 'scan-wise.d.ts'), 'utf8');
        assert.match(types, /ask\(question: string\): AsyncGenerator<Answer, void, void>;/);
        assert.equal(JSON.parse(readFileSync(path.join(npm, 'package.json'), 'utf8')).dependencies, undefined);
      } finally {
        await host.close();
        await server.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
