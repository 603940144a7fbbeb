// Asks the built page a question in a real browser and prints one line of JSON.
//
//   node tests/e2e/ask.mjs --scan FILE --question TEXT [--webgpu|--cpu] [--model NAME]
//                          [--system KEY] [--screenshot OUT.png]
//
// Exit 0: it answered. 1: it did not; stderr says why. 2: bad usage.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launch, watchNetwork } from './browser.mjs';
import { ask, canaryBlocked, openScan, visit, wait } from './person.mjs';
import { serve } from './server.mjs';

const USAGE = 'usage: ask.mjs --scan FILE --question TEXT [--webgpu|--cpu] [--model NAME] [--system KEY] [--screenshot OUT.png]';

function usage(problem) {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        scan: { type: 'string' }, question: { type: 'string' }, model: { type: 'string' },
        screenshot: { type: 'string' }, system: { type: 'string' }, webgpu: { type: 'boolean' }, cpu: { type: 'boolean' },
      },
    });
    if (!values.scan || !values.question) usage('--scan and --question are needed');
    if (values.webgpu && values.cpu) usage('--webgpu and --cpu exclude each other');
    if (!existsSync(values.scan)) usage(`there is no file ${values.scan}`);
    return values;
  } catch (error) {
    return usage(error.message);
  }
}

/** Asks one question in a browser of its own; throws where the page gives no answer. */
export async function askPage({ scan, question, webgpu, cpu, model, system, screenshot }) {
  const server = await serve();
  const browser = await launch({ webgpu: !cpu });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`page: ${message.text()}`);
    });
    const network = await watchNetwork(browser, page, server.origin);
    const backend = webgpu ? 'gpu' : cpu ? 'cpu' : 'auto';
    await visit(page, server.origin, { backend, model });
    await openScan(page, scan);
    if (system) {
      await wait(page, 'the choice of systems', () => !window.byId('system-field').hidden);
      await page.selectOption('#system', system);
    }
    const report = await ask(page, question);
    if (webgpu && !report.backend.lm.includes('wgpu')) {
      throw new Error(`WebGPU was asked for, but the model ran on ${report.backend.lm}`);
    }
    if (cpu && report.backend.lm.includes('wgpu')) {
      throw new Error(`the CPU was asked for, but the model ran on ${report.backend.lm}`);
    }
    if (screenshot) {
      await page.waitForTimeout(1200); // Until the camera has arrived.
      await page.screenshot({ path: screenshot });
    }
    const stray = server.requests.filter((request) => `http://${request.host}` !== server.origin);
    const off = network.offOrigin();
    for (const request of off) console.error(`off origin: ${request.url} (${request.target})`);
    if (!network.targets.has('worker')) throw new Error('no worker was seen: its requests were not counted');
    return {
      answer: report.answer,
      spans: report.spans,
      objects: report.objects.map(({ id, label, score, box }) => ({ id, label, score, box })),
      points: report.points,
      instances: report.instances,
      system: report.system,
      bytes: report.bytes,
      attention: report.attention,
      backend: report.backend,
      seconds: report.seconds,
      tokens_per_s: report.tokens_per_s,
      requests_off_origin: off.length + stray.length,
      canary_blocked: await canaryBlocked(page),
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

if (import.meta.filename === process.argv[1] || process.argv[1]?.endsWith('/ask.mjs')) {
  try {
    console.log(JSON.stringify(await askPage(options())));
  } catch (error) {
    console.error(`no answer: ${error.message}`);
    process.exit(1);
  }
}
