// What a person does on the page, step by step.

const LONG_MS = 600_000;

/** Lets scripts in the page look into the element: `byId(ID)`, and `within()` for all of it. */
function openElement() {
  window.within = () => document.querySelector('scan-wise')?.shadowRoot ?? document.createDocumentFragment();
  window.byId = (id) => window.within().getElementById(id);
}

/** The problem that the page shows, in its own words; null if there is none. */
export async function problemOn(page) {
  return page.evaluate(() => {
    for (const id of ['fatal', 'problem']) {
      const panel = window.byId(id);
      if (panel && !panel.hidden) {
        const words = [...panel.querySelectorAll('h2, p:not([class])')].map((e) => e.textContent);
        return { code: panel.dataset.code ?? id, words: words.join(' ').trim() };
      }
    }
    return null;
  });
}

/** Waits for a condition in the page, or throws what the page says went wrong meanwhile. */
export async function wait(page, what, condition, { timeout = LONG_MS, argument } = {}) {
  const until = Date.now() + timeout;
  for (;;) {
    // After a visit or a reload the element takes its time to fill itself.
    const isThere = await page.evaluate(() => !window.byId || Boolean(window.byId('lock')));
    if (isThere && await page.evaluate(condition, argument)) return;
    const problem = await problemOn(page);
    // Silence passes by itself, and a lost GPU is helped; everything else on the panel ends the wait.
    if (problem && !['engine-silent', 'gpu-lost'].includes(problem.code)) {
      throw new Error(`waiting for ${what}, the page says: ${problem.words} [${problem.code}]`);
    }
    if (Date.now() > until) throw new Error(`waited ${timeout / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Opens the page and waits until its engine has said Hello. */
export async function visit(page, origin, query = {}) {
  const address = new URL(origin);
  for (const [name, value] of Object.entries(query)) {
    if (value) address.searchParams.set(name, value);
  }
  await page.addInitScript(openElement);
  await page.goto(address.href);
  await wait(page, 'the engine to start', () => window.byId('lock').dataset.state !== 'starting');
}

/** Whether the page says that its lock was verified. */
export async function canaryBlocked(page) {
  return page.evaluate(() => window.byId('lock').dataset.state === 'verified');
}

/** Picks a file and waits until its objects are listed. */
export async function openScan(page, file, options) {
  await page.setInputFiles('#file', file);
  await wait(page, 'the objects to be found', () => !window.byId('found').hidden, options);
}

/** Types a question, sends it, and waits for the whole answer: the engine's report. */
export async function ask(page, question, options) {
  await wait(page, 'the model to be ready', () => !window.byId('ask').disabled, options);
  await page.evaluate(() => {
    window.report = null;
    document.addEventListener('scanwise-answer', (event) => { window.report = event.detail; }, { once: true });
  });
  await page.fill('#question', question);
  await page.click('#ask');
  await wait(page, 'the answer', () => {
    const ended = [...window.within().querySelectorAll('.turn')].at(-1)?.querySelector('.ended');
    if (ended) throw new Error(`the answer ended: ${ended.textContent}`);
    return window.report !== null;
  }, options);
  return page.evaluate(() => window.report);
}
