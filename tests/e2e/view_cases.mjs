// The view of the page, with a scripted engine: colours, shading, cutting, measuring, pictures.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ask } from './person.mjs';
import { difference, pixelsOf, share, spotOf } from './picture.mjs';
import { SOON, blue, eventually, red, settled, withPage } from './scripted.mjs';

/** Puts a slider or a choice of the panel somewhere, as a hand does. */
async function set(page, id, value) {
  await page.evaluate(([name, to]) => {
    const element = window.byId(name);
    if (element.type === 'checkbox') element.checked = to;
    else element.value = to;
    for (const event of ['input', 'change']) element.dispatchEvent(new Event(event, { bubbles: true }));
  }, [id, value]);
  await settled(page);
}

/** Looks from above and gives the places of the sofa's and of the chair's middles on the page. */
async function fromAbove(page, browser) {
  await page.focus('#canvas');
  await page.keyboard.press('5');
  await settled(page);
  const { x, y, width } = await page.locator('#canvas').boundingBox();
  return eventually(async () => {
    const picture = await pixelsOf(page, browser);
    const spots = [blue, red].map((colour) => spotOf(picture, Math.round(width), colour));
    assert.ok(spots.every(Boolean), 'sofa and chair are not seen from above');
    return spots.map(([across, down]) => [x + across, y + down]);
  });
}

const readout = (page) => page.locator('#measure-readout').innerText();
const metres = (words) => Number(words.match(/([\d.]+) m/)[1]);

export const VIEW_CASES = {
  'colours tell what a person asks of them': (browser) => withPage(browser, async (page) => {
    await page.click('#tool-look');
    const own = await pixelsOf(page, browser);
    for (const by of ['height', 'facing', 'object', 'kind']) {
      await set(page, 'look-colour', by);
      await eventually(async () => {
        const changed = difference(own, await pixelsOf(page, browser));
        assert.ok(changed > 0.02, `${by}: only ${changed} changed`);
      });
      assert.equal(await page.getAttribute('#tool-colours', 'aria-pressed'), 'true');
    }
    await set(page, 'look-colour', 'height');
    await eventually(async () => {
      // The floor is the lowest: one dark blue all over.
      const low = (r, g, b) => b > r + 40 && b > g + 40;
      assert.ok(share(await pixelsOf(page, browser), low) > 0.05, 'the floor is not low');
    });
    await page.focus('#canvas');
    await page.keyboard.press('c');
    await settled(page);
    await eventually(async () => {
      assert.ok(difference(own, await pixelsOf(page, browser)) < 0.001, 'the own colours did not come back');
    });
  }),

  'edges are shaded, and points grow': (browser) => withPage(browser, async (page) => {
    const shaded = await pixelsOf(page, browser);
    await set(page, 'look-relief', false);
    await eventually(async () => {
      const flat = await pixelsOf(page, browser);
      const darker = [...shaded.keys()].filter((i) => i % 4 < 3 && flat[i] > shaded[i] + 12).length;
      const lighter = [...shaded.keys()].filter((i) => i % 4 < 3 && flat[i] < shaded[i] - 12).length;
      assert.ok(darker > 300 && darker > 20 * lighter, `${darker} values darker, ${lighter} lighter`);
    });
    const seen = {};
    for (const size of ['0.4', '3']) {
      await set(page, 'look-size', size);
      seen[size] = share(await pixelsOf(page, browser), blue);
    }
    assert.ok(seen['3'] > seen['0.4'] * 1.05, `blue: ${JSON.stringify(seen)}`);
  }),

  'what lies outside of the clip box is not shown, nor picked': (browser) => withPage(browser, async (page) => {
    const [sofa] = await fromAbove(page, browser);
    const whole = share(await pixelsOf(page, browser), blue);
    // The sofa ends at 1.9 m of 5, the chair begins at 3.
    await set(page, 'clip-y-low', '50');
    await eventually(async () => {
      const cut = await pixelsOf(page, browser);
      assert.ok(share(cut, blue) < whole / 20 && share(cut, red) > 0.002, 'the sofa is still there, or the chair is not');
    });
    await page.mouse.click(...sofa);
    assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 0);
    await page.click('#tool-look');
    await page.click('#clip-reset');
    await page.click('#tool-look');
    await settled(page);
    await page.mouse.click(...sofa);
    await eventually(async () => assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 1));
  }),

  'keys look from every side and back': (browser) => withPage(browser, async (page) => {
    const first = await pixelsOf(page, browser);
    await page.focus('#canvas');
    let before = first;
    for (const key of ['1', '2', '3', '4', '5', '6']) {
      await page.keyboard.press(key);
      await settled(page);
      before = await eventually(async () => {
        const now = await pixelsOf(page, browser);
        assert.ok(difference(before, now) > 0.01, `key ${key} changed nothing`);
        return now;
      });
    }
    await page.keyboard.press('0');
    await settled(page);
    await eventually(async () => {
      assert.ok(difference(first, await pixelsOf(page, browser)) < 0.001, 'not as at first');
    });
    await page.keyboard.press('g');
    assert.equal(await page.getAttribute('#tool-walk', 'aria-pressed'), 'true');
    for (let steps = 0; steps < 5; steps += 1) await page.keyboard.press('w');
    await settled(page);
    await eventually(async () => {
      assert.ok(difference(first, await pixelsOf(page, browser)) > 0.02, 'nobody walked');
    });
  }),

  'every key is listed, and the list says what its key does': (browser) => withPage(browser, async (page) => {
    await page.focus('#canvas');
    await page.keyboard.press('?');
    await eventually(async () => assert.ok(await page.locator('#keys').isVisible()));
    const rows = await page.locator('#keys-table tr').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    const told = Object.fromEntries(rows);
    assert.equal(told.D, 'Measure');
    assert.equal(told['Ctrl + Z'], 'Take the last change back');
    assert.equal(told.M, 'Make one object of those selected');
    assert.equal(rows.length, new Set(rows.map(([key]) => key)).size, 'a key is listed twice');
    await page.keyboard.press('Escape');
    await page.focus('#canvas');
    await page.keyboard.press('d');
    await eventually(async () => assert.ok(await page.locator('#measure').isVisible()));
    await page.keyboard.press('v');
    await eventually(async () => assert.ok(await page.locator('#look').isVisible()));
  }),

  'a distance, a height and a box are measured by clicks': (browser) => withPage(browser, async (page) => {
    const [sofa, chair] = await fromAbove(page, browser);
    await page.click('#tool-measure');
    assert.ok(await page.isDisabled('#measure-finish'));
    await page.mouse.click(...sofa);
    await eventually(async () => assert.match(await readout(page), /^At x [\d.]+, y [\d.]+, z [\d.]+ m\. Now the next point\.$/));
    await page.mouse.click(...chair);
    // From the middle of the sofa's top, 0.8 m up, to that of the chair's, 1.1 m: 2.37 m on the level.
    await eventually(async () => {
      const [apart, level, up] = (await readout(page)).split(',').map(metres);
      assert.ok(Math.abs(level - 2.37) < 0.25 && Math.abs(up - 0.3) < 0.15, await readout(page));
      assert.ok(Math.abs(apart - Math.hypot(level, up)) < 0.02);
    });
    await page.click('#measure-finish');
    assert.ok(await page.isDisabled('#measure-finish'));
    const label = await page.locator('#labels .label.measured:not([hidden])').innerText();
    assert.ok(Math.abs(metres(label) - 2.39) < 0.25, label);
    await page.selectOption('#measure-what', 'height');
    await eventually(async () => assert.match(await readout(page), /^0\.\d\d m higher\.$/));
    await page.selectOption('#measure-what', 'size');
    await eventually(async () => assert.match(await readout(page), /^[\d.]+ × [\d.]+ × [\d.]+ m round the points\.$/));
    await set(page, 'look-unit', 'ft');
    await eventually(async () => assert.match(await readout(page), / ft round the points\.$/));
    // After Finish the next click begins anew; objects are not lit meanwhile.
    await page.mouse.click(...sofa);
    await eventually(async () => assert.match(await readout(page), /^At x /));
    assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 0);
    await page.keyboard.press('Escape');
    await eventually(async () => assert.ok(await page.locator('#measure').isHidden()));
  }),

  'by touch a distance is measured and finished': (browser) => withPage(browser, async (page) => {
    const [sofa, chair] = await fromAbove(page, browser);
    await page.locator('#tool-measure').tap();
    await page.touchscreen.tap(...sofa);
    await eventually(async () => assert.match(await readout(page), /^At x /));
    await page.touchscreen.tap(...chair);
    await eventually(async () => assert.match(await readout(page), / apart, /));
    await page.locator('#measure-finish').tap();
    await eventually(async () => assert.equal(await page.locator('#labels .label.measured:not([hidden])').count(), 1));
  }, { hasTouch: true }),

  'lengths are shown in feet where a person wants them': (browser) => withPage(browser, async (page) => {
    assert.match(await page.locator('#scale-words').innerText(), /^[\d.]+ m$/);
    await set(page, 'look-unit', 'ft');
    assert.match(await page.locator('#scale-words').innerText(), /^[\d.]+ ft$/);
    assert.match(await page.locator('#objects .object-size').first().innerText(), / ft$/);
    await ask(page, 'Where is #1?', SOON);
    assert.match(await page.locator('.answer .measured').innerText(), /6\.00 ft ± 0\.07 ft/);
    await page.reload();
    await eventually(async () => assert.equal(await page.inputValue('#look-unit'), 'ft'));
  }),

  'the view is saved as a picture, with labels and without': (browser) => withPage(browser, async (page) => {
    await ask(page, 'Where is #1?', SOON);
    await settled(page);
    await page.click('#tool-look');
    const saved = async () => {
      const coming = page.waitForEvent('download');
      await page.click('#look-picture');
      const download = await coming;
      assert.equal(download.suggestedFilename(), 'room.png');
      return readFileSync(await download.path());
    };
    const labelled = await saved();
    await page.uncheck('#look-labelled');
    const bare = await saved();
    for (const png of [labelled, bare]) assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.ok(!labelled.equals(bare), 'the labels are not on it');
    assert.ok(bare.length > 20_000, `${bare.length} bytes: is it empty?`);
  }),
};
