// The conversation: what can be done with its turns, and what is kept of it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ask, openScan, visit, wait } from './person.mjs';
import { SCAN, SOON, eventually, withPage, withRoom } from './scripted.mjs';

const turns = (page) => page.locator('.turn').count();
const act = (page, turn, name) => page.locator('.turn').nth(turn).locator(`[data-act="${name}"]`).click();

export const TALK_CASES = {
  'a turn is copied, asked again, edited and removed': (browser) => withPage(browser, async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await ask(page, 'Where is #1?', SOON);
    await act(page, 0, 'copy');
    await wait(page, 'the copy', () => window.byId('hint').textContent === 'Copied.', SOON);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^The blue sofa .* is 1\.83 m ± 0\.02 m away\.$/);
    await act(page, 0, 'again');
    await eventually(async () => assert.equal(await page.locator('.acts').count(), 2));
    assert.deepEqual(await page.locator('.asked').allTextContents(), ['Where is blue sofa?', 'Where is blue sofa?']);
    await act(page, 1, 'edit');
    assert.equal(await page.inputValue('#question'), 'Where is #1?');
    await act(page, 0, 'remove');
    assert.equal(await turns(page), 1);
    const focused = await page.evaluate(() => window.within().activeElement.dataset.act);
    assert.equal(focused, 'remove', 'the focus is lost');
    await act(page, 0, 'remove');
    assert.equal(await turns(page), 0);
    assert.ok(await page.locator('#log-empty').isVisible());
  }),

  'a conversation is there again at the next visit, and its end too': (browser) => withPage(browser, async (page) => {
    await ask(page, 'Where is #1?', SOON);
    await page.fill('#question', 'wait for me');
    await page.click('#ask');
    await page.click('#stop');
    await eventually(async () => assert.equal(await page.locator('.acts').count(), 2));
    await page.reload();
    await wait(page, 'the engine', () => window.byId('lock').dataset.state !== 'starting', SOON);
    await openScan(page, SCAN, SOON);
    await eventually(async () => assert.equal(await turns(page), 2));
    assert.match(await page.locator('.answer').first().innerText(), /1\.83 m/);
    assert.match(await page.locator('.answer').nth(1).innerText(), /Stopped/);
    // What was named still lights up.
    await page.locator('.answer .mention').first().click();
    assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 1);
    // Another scan has none of it.
    await openScan(page, { ...SCAN, name: 'other.ply' }, SOON);
    await wait(page, 'the other scan', () => window.byId('scan-name').textContent.startsWith('other'), SOON);
    assert.equal(await turns(page), 0);
    await openScan(page, SCAN, SOON);
    await eventually(async () => assert.equal(await turns(page), 2));
    await page.click('#talk-clear');
    assert.equal(await turns(page), 0);
    await page.reload();
    await wait(page, 'the engine', () => window.byId('lock').dataset.state !== 'starting', SOON);
    await openScan(page, SCAN, SOON);
    assert.equal(await turns(page), 0, 'what was cleared is back');
  }),

  'a conversation is saved as Markdown, hostile words as words': (browser) => withPage(browser, async (page) => {
    await ask(page, 'Where is #1?', SOON);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#talk-save')]);
    assert.equal(download.suggestedFilename(), 'room.md');
    const text = readFileSync(await download.path(), 'utf8');
    assert.match(text, /^# room\.ply\n\n## Where is \\#1\?\n/);
    assert.match(text, /\*\*1\.83 m\*\* \(± 0\.02 m\) away\./);
    assert.match(text, /\\<img src=x/);
    assert.doesNotMatch(text, /[^\\]<img/);
  }),

  'everything that is kept can be cleared': (browser) => withPage(browser, async (page) => {
    await ask(page, 'Where is #1?', SOON);
    await page.click('#settings-open');
    await wait(page, 'the sum', () => window.byId('kept-words').textContent.includes('1 conversation,'), SOON);
    await page.click('#kept-all');
    await wait(page, 'nothing', () => window.byId('kept-words').textContent.includes('No conversation'), SOON);
    assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('scanwise')).length), 0);
  }),

  'a room from a link shows itself first and fetches the model for the first question': (browser) => (
    withRoom(browser, { room: '5' }, async (page) => {
      await wait(page, 'the room', () => !window.byId('made').hidden, SOON);
      assert.match(await page.locator('#hint').innerText(), /first question fetches the model \(Small, \d+ MB\)/);
      await ask(page, 'What colour is the sofa?', SOON);
      assert.doesNotMatch(await page.locator('#hint').innerText(), /fetches the model/);
    })
  ),
};
