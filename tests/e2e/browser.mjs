// Chromium, and an eye on everything it asks the network for.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const FLAGS = [
  '--no-sandbox', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--force-device-scale-factor=1', '--enable-unsafe-swiftshader',
  // A software GPU on a busy machine is slow, not hung.
  '--disable-gpu-watchdog',
];
const WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** The folder of a package that the tests use. */
export function packageFolder(name) {
  const tools = process.env.SCANWISE_TOOLS ?? path.join(os.homedir(), '.cache/scanwise');
  const folders = [process.env.SCANWISE_NODE_MODULES, path.join(tools, 'npm/node_modules')].filter(Boolean);
  const home = folders.map((folder) => path.join(folder, name)).find((folder) => existsSync(folder));
  if (!home) throw new Error(`${name} is in none of ${folders}; \`cargo xtask test\` installs it`);
  return home;
}

function playwright() {
  return createRequire(path.join(packageFolder('playwright-core'), 'package.json'))('playwright-core');
}

/** Starts Chromium; without `webgpu` it offers no GPU adapter at all. */
export async function launch({ webgpu = true } = {}) {
  const executablePath = process.env.SCANWISE_CHROMIUM ?? '/usr/bin/chromium';
  const args = webgpu ? [...FLAGS, ...WEBGPU_FLAGS] : FLAGS;
  const browser = await playwright().chromium.launch({ executablePath, args, headless: true });
  // A service worker stands between page and server: where it is not what is tested, it is not there.
  for (const name of ['newPage', 'newContext']) {
    const made = browser[name];
    browser[name] = (options) => made.call(browser, { serviceWorkers: 'block', ...options });
  }
  return browser;
}

/**
 * Watches a page, its workers and all service workers over the debugging protocol.
 * `offOrigin()` lists the requests to other origins that the policy did not stop.
 */
export async function watchNetwork(browser, page, origin) {
  const seen = new Map();
  const targets = new Set(['page']);
  const note = (key, method, params) => {
    const id = `${key}/${params.requestId}`;
    if (method === 'Network.requestWillBeSent') {
      const { url } = params.request;
      if (/^(https?|wss?):/.test(url) && new URL(url).origin !== origin) {
        seen.set(id, { url, target: key, blocked: false });
      }
    } else if (method === 'Network.webSocketCreated') {
      seen.set(id, { url: params.url, target: key, blocked: false });
    } else if (method === 'Network.loadingFailed' && seen.has(id)) {
      seen.get(id).blocked = params.blockedReason === 'csp';
    }
  };
  const events = ['Network.requestWillBeSent', 'Network.webSocketCreated', 'Network.loadingFailed'];

  const follow = async (session) => {
    let sent = 0;
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo, waitingForDebugger }) => {
      targets.add(targetInfo.type);
      const tell = (method, params = {}) => session
        .send('Target.sendMessageToTarget', {
          sessionId, message: JSON.stringify({ id: (sent += 1), method, params }),
        })
        .catch(() => {}); // The target may be gone already.
      tell('Network.enable');
      if (waitingForDebugger) tell('Runtime.runIfWaitingForDebugger');
    });
    session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
      const { method, params } = JSON.parse(message);
      if (events.includes(method)) note(sessionId, method, params);
    });
    await session.send('Target.setAutoAttach', {
      autoAttach: true, waitForDebuggerOnStart: true, flatten: false,
    });
  };

  const session = await page.context().newCDPSession(page);
  for (const event of events) session.on(event, (params) => note('page', event, params));
  await session.send('Network.enable');
  await follow(session);
  page.context().on('serviceworker', () => targets.add('service_worker'));
  page.context().on('request', (request) => {
    const url = request.url();
    const worker = request.serviceWorker();
    if (worker && /^https?:/.test(url) && new URL(url).origin !== origin) {
      seen.set(`service/${url}`, { url, target: 'service_worker', blocked: false });
    }
  });
  return {
    targets,
    all: () => [...seen.values()],
    offOrigin: () => [...seen.values()].filter((request) => !request.blocked),
  };
}
