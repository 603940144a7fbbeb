// Who sees, hears or moves otherwise: axe, keyboard, targets, announcements.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageFolder } from './browser.mjs';
import { ask, wait } from './person.mjs';
import { SOON, withPage, withRoom } from './scripted.mjs';

const AXE = readFileSync(path.join(packageFolder('axe-core'), 'axe.min.js'), 'utf8');

/** What axe finds amiss. */
export async function violations(page) {
  // In a script of the page's own world: the policy lets none be added.
  const found = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] })`);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(', ')}`);
}

async function check(page, what) {
  assert.deepEqual(await violations(page), [], what);
}

export const ACCESS_CASES = Object.fromEntries(['light', 'dark'].map((scheme) => [
  `axe finds nothing, ${scheme}`, async (browser) => {
    await withPage(browser, async (page) => {
      await ask(page, 'Where is #1?', SOON);
      await page.locator('.looked summary').click();
      await check(page, 'after an answer');
      await page.keyboard.press('Escape');
      await page.click('#tool-look');
      await page.click('#tool-measure');
      await check(page, 'with the tools open');
      await page.click('#settings-open');
      await check(page, 'the settings');
      await page.click('#keys-open');
      await check(page, 'the keys');
    }, { colorScheme: scheme });
    await withRoom(browser, {}, async (page) => { await check(page, 'the first sight'); });
    await withPage(browser, async (page) => { await check(page, 'a telephone'); },
      { colorScheme: scheme, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  },
]));

Object.assign(ACCESS_CASES, {
  'everything can be done from the keyboard': (browser) => withPage(browser, async (page) => {
    const focused = () => page.evaluate(() => window.within().activeElement?.id || window.within().activeElement?.className || '');
    // Straight to the question, past everything.
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press('Tab');
    assert.match(await focused(), /skip/);
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'question');
    await page.keyboard.type('Where is #1?');
    await page.keyboard.press('Enter');
    await wait(page, 'the answer', () => window.within().querySelectorAll('.acts').length === 1, SOON);
    // Every control that is shown is reached by Tab, one after the other.
    const wanted = await page.evaluate(() => [...window.within().querySelectorAll('button, select, textarea, summary, canvas, [tabindex="0"]')]
      .filter((e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0).length);
    await page.evaluate(() => { window.within().activeElement.blur(); });
    const reached = new Set();
    for (let i = 0; i < wanted + 8; i += 1) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => {
        const all = [...window.within().querySelectorAll('*')];
        return all.indexOf(window.within().activeElement);
      }));
    }
    reached.delete(-1);
    assert.ok(reached.size >= wanted, `${reached.size} of ${wanted} controls are reached`);
  }),

  'a finished answer is announced once, and not while it comes': (browser) => withPage(browser, async (page) => {
    await page.evaluate(() => {
      window.heard = [];
      const log = window.byId('log');
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          if (target.getAttribute?.('aria-busy') === 'false') window.heard.push(target.textContent);
        }
      }).observe(log, { subtree: true, attributes: true, attributeFilter: ['aria-busy'] });
    });
    await ask(page, 'Where is #1?', SOON);
    const heard = await page.evaluate(() => window.heard);
    assert.equal(heard.length, 1);
    assert.match(heard[0], /1\.83 m/);
    assert.equal(await page.locator('#log').getAttribute('role'), 'log');
  }),

  'what is pressed on a telephone is large enough': (browser) => withPage(browser, async (page) => {
    await ask(page, 'Where is #1?', SOON);
    const small = await page.evaluate(() => [...window.within().querySelectorAll('button, select, summary, textarea')]
      .filter((e) => e.checkVisibility() && !e.closest('.words, .asked, dialog, .sr-only') && !e.classList.contains('skip'))
      .map((e) => [e.id || e.className || e.textContent.trim(), e.getBoundingClientRect()])
      .filter(([, { width, height }]) => height > 0 && Math.min(width, height) < 44)
      .map(([name, { width, height }]) => `${name} ${Math.round(width)}×${Math.round(height)}`));
    assert.deepEqual(small, []);
  }, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }),
});
