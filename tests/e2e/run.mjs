// The browser tests: one line each, `ok NAME`, `not ok NAME: reason` or `skip NAME: reason`.
// `node tests/e2e/run.mjs [WORD]` runs those whose name contains WORD. Exit 1 if any is not ok.
// Where Chromium itself has died, as software GPUs on busy machines make it, a case has a second try.

import { launch } from './browser.mjs';
import { ENGINE_CASES, Skip } from './engine_cases.mjs';
import { PAGE_CASES } from './page_cases.mjs';

const wanted = process.argv[2] ?? '';
const cases = Object.entries({ ...PAGE_CASES, ...ENGINE_CASES }).filter(([name]) => name.includes(wanted));
const oneLine = (error) => String(error.message ?? error).replace(/\s+/g, ' ').trim().slice(0, 600);

const chromiumDied = (error) => /has been closed|browser has disconnected/i.test(error.message ?? '');

let failed = cases.length === 0;
if (failed) console.log(`not ok ${wanted}: there is no such case`);
let browser = await launch();

async function withSecondTry(name, run) {
  try {
    await run(browser);
  } catch (error) {
    if (!chromiumDied(error)) throw error;
    console.log(`again ${name}: ${oneLine(error)}`);
    if (!browser.isConnected()) browser = await launch();
    await run(browser);
  }
}

try {
  for (const [name, run] of cases) {
    try {
      await withSecondTry(name, run);
      console.log(`ok ${name}`);
    } catch (error) {
      if (error instanceof Skip) {
        console.log(`skip ${name}: ${error.message}`);
      } else {
        failed = true;
        console.log(`not ok ${name}: ${oneLine(error)}`);
      }
    }
  }
} finally {
  await browser.close();
}
process.exitCode = failed ? 1 : 0;
