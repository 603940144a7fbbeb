// The page alone, with a scripted engine: lit objects, hostile text, tools, faults.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ask, wait } from './person.mjs';
import { difference, middleOf, pixelsOf, share } from './picture.mjs';
import { HOSTILE, SCAN, SOON, blue, eventually, green, red, roomOpen, settled, withPage, withRoom } from './scripted.mjs';

export const PAGE_CASES = {
  'GL points are drawn in their colours': (browser) => withPage(browser, async (page) => {
    const grey = (r, g, b) => Math.max(r, g, b) - Math.min(r, g, b) < 12 && r > 90 && r < 135;
    await eventually(async () => {
      const picture = await pixelsOf(page, browser);
      assert.ok(share(picture, blue) > 0.01, `blue: ${share(picture, blue)}`);
      assert.ok(share(picture, red) > 0.008, `red: ${share(picture, red)}`);
      assert.ok(share(picture, grey) > 0.05, `grey: ${share(picture, grey)}`);
    });
  }),

  'an answer lights what it names and dims the rest': (browser) => withPage(browser, async (page) => {
    const before = await pixelsOf(page, browser);
    await ask(page, 'Where is #1?', SOON);
    await settled(page);
    await eventually(async () => {
      const both = await pixelsOf(page, browser);
      assert.ok(difference(before, both) > 0.05, 'the floor did not dim');
      assert.ok(share(both, blue) > 0.01, 'the sofa is not lit');
    });
    const lit = await page.locator('#objects [aria-pressed="true"]').count();
    assert.equal(lit, 2);
    const labels = await page.locator('#labels .label:not([hidden])').allTextContents();
    assert.ok(labels.some((label) => label.startsWith('blue sofa')), `labels: ${labels}`);
    assert.ok(labels.includes('1.83 m ± 0.02 m'), `labels: ${labels}`);
    assert.match(await page.locator('.answer .measured').innerText(), /1\.83 m ± 0\.02 m/);
    // The mention alone: the chair goes dim, and pressing again lets everything be bright.
    await page.locator('.answer .mention').first().click();
    await settled(page);
    assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 1);
    await eventually(async () => {
      assert.ok(share(await pixelsOf(page, browser), red) < 0.002, 'the chair is still lit');
    });
    await page.locator('.answer .mention').first().click();
    assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 0);
  }),

  'text from elsewhere stays text': (browser) => withPage(browser, async (page) => {
    await ask(page, 'Where is #2?', SOON);
    assert.equal(await page.locator('main img').count(), 0);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.match(await page.locator('#objects').innerText(), /<img src=x/i);
    assert.match(await page.locator('.answer').innerText(), /<img src=x/);
    assert.doesNotMatch(await page.locator('#log').innerText(), /STALE/);
  }),

  'a lost graphics context comes back with the same picture': (browser) => withPage(browser, async (page) => {
    const before = await pixelsOf(page, browser);
    await page.evaluate(async () => {
      const gl = window.byId('canvas').getContext('webgl2');
      const lose = gl.getExtension('WEBGL_lose_context');
      const heard = (name) => new Promise((resolve) => {
        window.byId('canvas').addEventListener(name, resolve, { once: true });
      });
      const lost = heard('webglcontextlost');
      lose.loseContext();
      await lost;
      await new Promise((resolve) => setTimeout(resolve, 50));
      const restored = heard('webglcontextrestored');
      lose.restoreContext();
      await restored;
    });
    await settled(page);
    await eventually(async () => {
      const changed = difference(before, await pixelsOf(page, browser));
      assert.ok(changed < 0.001, `${(changed * 100).toFixed(2)} % of the pixels changed`);
    });
  }),

  'keys turn the view and the list lights objects': (browser) => withPage(browser, async (page) => {
    const before = await pixelsOf(page, browser);
    await page.focus('#canvas');
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowUp', '+']) await page.keyboard.press(key);
    await settled(page);
    await eventually(async () => {
      assert.ok(difference(before, await pixelsOf(page, browser)) > 0.05, 'the view did not turn');
    });
    await page.keyboard.press('f');
    await page.locator('#objects .object-main').first().focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 1);
    await page.locator('#objects .object-ask').first().press('Enter');
    assert.match(await page.inputValue('#question'), /^#\d+ $/);
  }),

  'a person is asked what could only be guessed, and the scan is read again': (browser) => withPage(browser, async (page) => {
    assert.ok(await page.locator('#reading-ask').isVisible());
    assert.match(await page.locator('#reading-ask').innerText(), /^Which way is up could only be guessed/);
    await page.selectOption('#reading-up', '-y');
    await page.check('#reading-mirrored');
    await page.check('#reading-own');
    await page.click('#reading-again');
    await wait(page, 'the scan again', () => window.byId('reading-line').textContent.includes('-y'), SOON);
    assert.equal(await page.locator('#reading-line').innerText(), 'Read with -y up, in metres, mirrored, objects of the file');
    assert.ok(await page.locator('#reading-ask').isHidden());
    await page.locator('#reading-line').click();
    assert.equal(await page.inputValue('#reading-up'), '-y');
    assert.equal(await page.inputValue('#reading-unit'), 'auto');
    assert.ok(await page.isChecked('#reading-own'));
  }),

  'objects are set right by tools and keys, and saved': (browser) => withPage(browser, async (page) => {
    const rows = () => page.locator('#objects .object-name').allTextContents();
    const are = (names) => eventually(async () => assert.deepEqual(await rows(), names));
    const [chair, sofa] = await rows();
    for (const tool of ['merge', 'split', 'name', 'delete', 'only', 'undo', 'redo']) {
      assert.ok(await page.locator(`#mend-${tool}`).isDisabled(), `${tool} with nothing selected`);
    }
    // By the keyboard alone: select, name, remove, and back again.
    await page.locator('#objects [data-select="1"]').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('n');
    await page.keyboard.type('settee <b>');
    await page.keyboard.press('Enter');
    await are([chair, 'blue settee <b>']);
    await page.locator('#objects [data-select="1"]').focus();
    await page.keyboard.press('Delete');
    await are([chair]);
    await page.locator('#objects [data-select="2"]').focus();
    await page.keyboard.press('Control+z');
    await are([chair, 'blue settee <b>']);
    await page.keyboard.press('Control+z');
    await are([chair, sofa]);
    assert.ok(await page.locator('#mend-undo').isDisabled());
    await page.locator('#mend-redo').click();
    await are([chair, 'blue settee <b>']);
    await page.locator('#mend-undo').click();
    await are([chair, sofa]);
    // Two at once make one; what cannot be done is said.
    await page.locator('#objects [data-select="2"]').press('Escape');
    assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 0);
    await page.locator('#objects [data-select="1"]').click();
    await page.locator('#mend-split').click();
    await eventually(async () => assert.match(await page.locator('#mend-note').innerText(), /of one piece/));
    await page.locator('#objects [data-select="2"]').click({ modifiers: ['Control'] });
    await page.locator('#mend-merge').click();
    await are([sofa]);
    await page.locator('#mend-undo').click();
    await are([chair, sofa]);
    const [ply, list] = await Promise.all([
      page.waitForEvent('download', (file) => file.suggestedFilename().endsWith('.ply')),
      page.waitForEvent('download', (file) => file.suggestedFilename().endsWith('.json')),
      page.locator('#mend-save').click(),
    ]);
    assert.equal(ply.suggestedFilename(), 'room-objects.ply');
    assert.equal(readFileSync(await list.path(), 'utf8'), '{"objects":[]}');
  }),

  'a thing that was missed is added by a click, and edits outlive the engine': (browser) => withPage(browser, async (page) => {
    const rows = () => page.locator('#objects .object-name').count();
    await page.locator('#mend-add').click();
    assert.match(await page.locator('#mend-note').innerText(), /Click on the thing/);
    const canvas = await page.locator('#canvas').boundingBox();
    await page.mouse.click(canvas.x + canvas.width / 2, canvas.y + canvas.height * 0.62);
    await eventually(async () => assert.equal(await rows(), 3));
    assert.ok(await page.locator('#objects [data-select="7"][aria-pressed="true"]').isVisible());
    await page.fill('#question', 'crash');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#problem:not([hidden])', SOON);
    await eventually(async () => assert.ok(await page.locator('#mend-undo').isEnabled()));
    assert.equal(await rows(), 3);
  }),

  'objects are hidden, shown alone, and shown in colours of their own': (browser) => withPage(browser, async (page) => {
    const shares = async () => {
      const picture = await pixelsOf(page, browser);
      return { blue: share(picture, blue), red: share(picture, red) };
    };
    await eventually(async () => assert.ok((await shares()).red > 0.008));
    await page.locator('#objects [data-select="2"]').click();
    await page.locator('#mend-hide').click();
    await page.locator('#tool-fit').click();
    await eventually(async () => {
      const { blue: sofa, red: chair } = await shares();
      assert.ok(chair < 0.001 && sofa > 0.01, `${chair} ${sofa}`);
    });
    assert.equal(await page.locator('#mend-hide').innerText(), 'Show all');
    await page.locator('#mend-hide').click();
    await eventually(async () => assert.ok((await shares()).red > 0.008));
    await page.locator('#objects [data-select="1"]').click();
    await page.locator('#mend-only').click();
    const floor = (r, g, b) => Math.max(r, g, b) - Math.min(r, g, b) < 12 && r > 50 && r < 135;
    await eventually(async () => {
      const picture = await pixelsOf(page, browser);
      assert.ok(share(picture, red) < 0.001 && share(picture, floor) < 0.01 && share(picture, blue) > 0.01);
    });
    await page.locator('#canvas').focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    assert.equal(await page.getAttribute('#tool-colours', 'aria-pressed'), 'true');
    await eventually(async () => {
      const chair = (await shares()).red;
      assert.ok(chair < 0.005, `still in the scan's colours: ${chair}`);
    });
  }),

  'a surprise room says that it is made up and how to have it again': (browser) => withRoom(browser, {}, async (page) => {
    await page.click('#welcome-surprise');
    await roomOpen(page);
    const seed = (await page.locator('#scan-name').innerText()).match(/^Made-up room (\d+)/)[1];
    assert.match(await page.locator('#made-line').innerText(), new RegExp(`made up, from seed ${seed}\\.`));
    assert.equal(await page.getAttribute('#made-link', 'href'), `?backend=cpu&room=${seed}`);
    await page.click('#made-link');
    await roomOpen(page);
    assert.match(await page.locator('#scan-name').innerText(), new RegExp(`^Made-up room ${seed}\\b`));
    await page.setInputFiles('#file', SCAN);
    await wait(page, 'the scan', () => window.byId('scan-name').textContent.startsWith('room.ply'), SOON);
    assert.ok(await page.locator('#made').isHidden());
  }),

  'an answer about a surprise room can be checked': (browser) => withRoom(browser, { room: '77' }, async (page) => {
    await roomOpen(page);
    // Those about what was found come first; what mentions something that was not is no chip.
    assert.deepEqual(await page.locator('#chips button').allTextContents(), ['What colour is the sofa?', 'What is next to #1?']);
    await page.locator('#chips button').nth(1).click();
    await page.waitForSelector('.check', SOON);
    const check = page.locator('.check').last();
    assert.ok(await check.locator('.verdict').isHidden(), 'the truth is not behind a fold');
    await check.locator('summary').focus();
    await page.keyboard.press('Enter');
    assert.equal(await check.locator('.verdict').innerText(), 'Not right.');
    assert.match(await check.innerText(), /<img src=x[\s\S]*lamp \(not found in the scan\)/);
    // The true object lights for as long as the focus is on it.
    const lit = async () => page.locator('#labels .label:not([hidden]) strong').allTextContents();
    const before = await lit();
    await check.locator('.mention').focus();
    await eventually(async () => assert.deepEqual(await lit(), [await page.locator('.check .mention').innerText()]));
    await check.locator('summary').focus();
    await eventually(async () => assert.deepEqual(await lit(), before));
    await page.locator('#chips button').first().click();
    await page.waitForFunction(() => window.within().querySelectorAll('.check').length === 2, null, SOON);
    await page.locator('.check summary').last().click();
    assert.match(await page.locator('.check').last().innerText(), /Right\.[\s\S]*True answer: blue/);
    // A question of one's own has no true answer to check.
    await ask(page, 'Where is #1?', SOON);
    assert.equal(await page.locator('.turn').last().locator('.check').count(), 0);
  }),

  'a test of the model ends with a table and what was wrong': (browser) => withRoom(browser, { room: '77' }, async (page) => {
    await roomOpen(page);
    await page.click('#made-test');
    await page.waitForSelector('.scores', SOON);
    const cells = await page.locator('.scores tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    assert.deepEqual(cells, [
      ['Kind of task', 'Right answers', 'Asked'], ['Which object is meant', '0', '1'], ['Short answers', '1', '2'],
    ]);
    const result = page.locator('.result');
    assert.match(await result.innerText(), /1 of 3 right[\s\S]*One room says little/);
    assert.doesNotMatch(await page.locator('#log').innerText(), /STALE/);
    assert.ok(await page.locator('#progress').isHidden());
    await result.locator('summary').click();
    assert.match(await result.innerText(), /2 wrong answers[\s\S]*What is next to #1\?[\s\S]*Right: <img[\s\S]*#2, lamp[\s\S]*Not asked/);
    await ask(page, 'Where is #1?', SOON);
  }),

  'Stop ends a test with what it has, and the making of a room': (browser) => withRoom(browser, { room: '77', questions: '1' }, async (page) => {
    await roomOpen(page);
    await page.click('#made-test');
    assert.ok(await page.locator('#made-test').isDisabled());
    await page.click('#stop');
    await page.waitForSelector('.scores', SOON);
    assert.match(await page.locator('.result').innerText(), /Stopped\. 1 of 2 right/);
    await page.goto(page.url().replace('room=77', 'room=666'));
    await wait(page, 'the making', () => window.byId('progress-title').textContent === 'Making a room up', SOON);
    await page.click('#stop');
    assert.ok(await page.locator('#welcome').isVisible());
    assert.ok(await page.locator('#progress').isHidden());
  }),

  'a move is drawn, done with its points, and undone': (browser) => withPage(browser, async (page) => {
    await ask(page, 'Move #1 to the wall', SOON);
    await page.locator('#tool-fit').click();
    await settled(page);
    const middle = async () => middleOf(await pixelsOf(page, browser), blue);
    const before = await middle();
    const button = page.locator('button.accept');
    assert.equal(await button.innerText(), 'Move it there');
    await eventually(async () => assert.match(await page.locator('#labels').innerText(), /sofa/));
    await button.click();
    const are = (near) => eventually(async () => {
      const apart = Math.abs(await middle() - before);
      assert.ok(near ? apart < 0.01 : apart > 0.02, `the sofa is ${apart} of the picture from where it was`);
    });
    await are(false);
    assert.ok(await button.isDisabled(), 'the move can be made twice');
    await page.locator('#mend-undo').click();
    await are(true);
    await page.locator('#mend-redo').click();
    await are(false);
  }),

  'what goes along with a moved thing is named': (browser) => withPage(browser, async (page) => {
    await ask(page, 'Move #1 with all that is on it', SOON);
    await page.locator('button.accept').click();
    const note = page.locator('#mend-note');
    await eventually(async () => assert.match(await note.innerText(), /^These moved together: blue sofa, /));
    // The other one's name is a stranger's.
    assert.equal(await note.locator('*').count(), 0);
    // What was said before must not be taken for what is said of the way back.
    await note.evaluate((element) => { element.textContent = ''; });
    await page.locator('#mend-undo').click();
    await eventually(async () => assert.match(await note.innerText(), /^These moved together: blue sofa, /));
  }),

  'a new thing is put into the scan and taken back': (browser) => withPage(browser, async (page) => {
    const rows = () => page.locator('#objects .object-name').allTextContents();
    const known = await rows();
    await ask(page, 'Put a lamp beside #1', SOON);
    const button = page.locator('button.accept');
    assert.equal(await button.innerText(), 'Put it there');
    await button.click();
    const shown = (there) => eventually(async () => {
      const part = share(await pixelsOf(page, browser), green);
      assert.ok(there ? part > 0.003 : part < 0.0005, `green: ${part}`);
      assert.equal((await rows()).length, known.length + (there ? 1 : 0));
    });
    await shown(true);
    assert.ok((await rows()).some((name) => name.includes('lamp <b>')), 'its name is not plain text');
    await page.locator('#mend-undo').click();
    await shown(false);
  }),

  'a way is drawn over the floor': (browser) => withPage(browser, async (page) => {
    await ask(page, 'Where is #1?', SOON);
    await settled(page);
    const without = await pixelsOf(page, browser);
    await ask(page, 'Walk from #1 to #2', SOON);
    await settled(page);
    await eventually(async () => {
      const drawn = difference(without, await pixelsOf(page, browser));
      assert.ok(drawn > 0.001, `only ${drawn} of the picture changed`);
    });
  }),

  'one system is asked, or all side by side': (browser) => withPage(browser, async (page) => {
    assert.ok(await page.locator('#system-field').isVisible());
    await page.selectOption('#system', 'llm3d');
    assert.equal((await ask(page, 'Where is #1?', SOON)).system, 'llm3d');
    assert.match(await page.locator('.took summary').last().innerText(), /^3D-LLM · /);
    await page.selectOption('#system', 'all');
    await page.fill('#question', 'Where is #2?');
    await page.click('#ask');
    await page.waitForSelector('.compared tr[data-system="spatial"]', SOON);
    const cells = await page.locator('.compared tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    assert.deepEqual(cells[0], ['', 'Answer', 's', 'tokens/s', 'MB']);
    assert.deepEqual(cells.slice(1).map(([name]) => name), ['Unified', 'Inst3D-LMM', '3D-LLM', 'Spatial 3D-LLM']);
    assert.deepEqual(cells[3].slice(2), ['0.40', '14', '5']);
    assert.match(cells[3][1], /^The blue sofa/);
    assert.equal(await page.locator('main img').count(), 0);
    // Each answer's objects light by themselves.
    await page.locator('.compared .mention').first().click();
    assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 1);
    // Stopped, it keeps what it has.
    await page.fill('#question', 'wait for me');
    await page.click('#ask');
    await page.click('#stop');
    await page.waitForSelector('.ended', SOON);
    assert.ok(await page.locator('#ask').isVisible());
    await page.selectOption('#system', 'unified');
    assert.equal((await ask(page, 'Where is #1?', SOON)).system, 'unified');
  }),

  'the encoders can be seen inside': (browser) => withPage(browser, async (page) => {
    assert.ok(await page.locator('#mend-inside').isDisabled(), 'with nothing selected');
    await page.locator('#objects [data-select="1"]').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('e');
    await page.waitForSelector('.inside', SOON);
    const rows = await page.locator('.inside tr').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    assert.deepEqual(rows, [['Looks at', 'gate', 'attention'], [HOSTILE, '0.75', '60 %'], ['blue sofa (itself)', '0.50', '40 %']]);
    assert.equal(await page.locator('main img').count(), 0);
    // A picture of each view that there is, with its share.
    assert.deepEqual(await page.locator('.views figcaption').allTextContents(), ['35 %', '25 %']);
    const white = await page.locator('.views canvas').first().evaluate((canvas) => [...canvas.getContext('2d').getImageData(3, 3, 1, 1).data]);
    assert.deepEqual(white, [255, 255, 255, 255]);
    // The others are lit, with how much each was looked at.
    assert.equal(await page.locator('#objects [aria-pressed="true"]').count(), 2);
    await eventually(async () => assert.match(await page.locator('#labels').innerText(), /60 %/));
  }),

  'Stop ends an answer and keeps what was written': (browser) => withPage(browser, async (page) => {
    await page.fill('#question', 'wait for me');
    await page.click('#ask');
    await page.click('#stop');
    await page.waitForSelector('.ended', SOON);
    assert.match(await page.locator('.answer').innerText(), /The blue sofa[\s\S]*Stopped/);
    assert.ok(await page.locator('#ask').isVisible());
  }),
};
