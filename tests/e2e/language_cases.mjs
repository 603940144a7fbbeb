// The page in German.

import assert from 'node:assert/strict';
import { violations } from './access_cases.mjs';
import { ask, visit, wait } from './person.mjs';
import { SOON, withPage, withRoom } from './scripted.mjs';

const words = (page, id) => page.evaluate((of) => window.byId(of).textContent.trim().replace(/\s+/g, ' '), id);

/** Words of the page that only the English page has. */
const english = (page) => page.evaluate(() => {
  const walker = document.createTreeWalker(window.within(), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    if (/\b(the|of|is|are|with|what)\b/i.test(text) && !walker.currentNode.parentElement.closest('.turn, #labels, #objects, #chips')) {
      found.push(text);
    }
  }
  return found;
});

export const LANGUAGE_CASES = {
  'where the browser speaks German, so does the page': (browser) => withPage(browser, async (page) => {
    assert.equal(await words(page, 'welcome').then((text) => text.startsWith('Frag deinen 3D-Scan')), true);
    assert.equal(await words(page, 'found-title'), '2 Gegenstände gefunden');
    assert.equal(await page.getAttribute('#tool-fit', 'title'), 'Alles zeigen (F)');
    assert.equal(await page.getAttribute('#question', 'placeholder'), 'Frag nach diesem Raum, auf Englisch…');
    assert.match(await words(page, 'lock-words'), /^Nichts verlässt|^Nicht verschlossen|^Schloss/);
    // What the engine says comes in English and is shown in German.
    await page.locator('#objects .object-main').first().click();
    await page.click('#mend-split');
    await wait(page, 'the refusal', () => !window.byId('mend-note').hidden, SOON);
    assert.equal(await words(page, 'mend-note'),
      'Dieser Gegenstand ist aus einem Stück, also gibt es keine Fuge, an der er sich zerlegen ließe.');
    // Answers stay as the model wrote them, and what is round them does not.
    await ask(page, 'Where is #1?', SOON);
    assert.deepEqual(await page.locator('.act').allTextContents(), ['Kopieren', 'Noch einmal fragen', 'Ändern', 'Entfernen']);
    assert.equal(await page.locator('.looked summary').textContent(), 'Worauf das Modell sah');
    await page.click('#settings-open');
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(await english(page), []);
    assert.equal(await page.evaluate(() => window.within().querySelector('.all').lang), 'de');
  }, { locale: 'de-AT' }),

  'where the words of a language cannot be had, the page speaks English': (browser) => withPage(browser, async (page) => {
    assert.equal(await words(page, 'found-title'), '2 objects found');
    assert.equal(await page.evaluate(() => window.within().querySelector('.all').lang), 'en');
  }, { locale: 'de-DE', prepare: (page) => page.route('**/words/de.json', (route) => route.fulfill({ status: 503 })) }),

  'the language chosen in the settings is spoken from the next visit on': (browser) => withRoom(browser, {}, async (page, server) => {
    assert.match(await words(page, 'welcome'), /^Ask your 3D scan/);
    await page.click('#settings-open');
    await page.selectOption('#language', 'de');
    await page.reload();
    await wait(page, 'the engine to start', () => window.byId('lock').dataset.state !== 'starting', SOON);
    assert.match(await words(page, 'welcome'), /^Frag deinen 3D-Scan/);
    assert.equal(await page.inputValue('#language'), 'de');
    // An author knows best.
    await visit(page, server.origin, { language: 'en' });
    assert.match(await words(page, 'welcome'), /^Ask your 3D scan/);
  }),
};
