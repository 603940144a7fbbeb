// The browser tests: one line each, `ok NAME`, `not ok NAME: reason` or `skip NAME: reason`.
// `node tests/e2e/run.mjs [WORD]` runs those whose name contains WORD. Exit 1 if any is not ok.

import { launch } from './browser.mjs';
import { ACCESS_CASES } from './access_cases.mjs';
import { ELEMENT_CASES } from './element_cases.mjs';
import { ENGINE_CASES, Skip } from './engine_cases.mjs';
import { FAULT_CASES } from './fault_cases.mjs';
import { LANGUAGE_CASES } from './language_cases.mjs';
import { MODEL_CASES } from './model_cases.mjs';
import { OFFLINE_CASES } from './offline_cases.mjs';
import { PAGE_CASES } from './page_cases.mjs';
import { TALK_CASES } from './talk_cases.mjs';
import { VIEW_CASES } from './view_cases.mjs';

const wanted = process.argv[2] ?? '';
const ALL = {
  ...PAGE_CASES, ...TALK_CASES, ...VIEW_CASES, ...ACCESS_CASES, ...LANGUAGE_CASES, ...ELEMENT_CASES, ...FAULT_CASES, ...ENGINE_CASES,
  ...MODEL_CASES, ...OFFLINE_CASES,
};
const cases = Object.entries(ALL).filter(([name]) => name.includes(wanted));
const oneLine = (error) => String(error.message ?? error).replace(/\s+/g, ' ').trim().slice(0, 600);

/** Nothing takes longer, on a busy machine with a software GPU either; what does hangs. */
const MOST_MS = 6 * 60_000;
const hung = () => new Promise((_, reject) => {
  setTimeout(() => reject(new Error(`it took longer than ${MOST_MS / 60_000} minutes`)), MOST_MS).unref();
});

let failed = cases.length === 0;
if (failed) console.log(`not ok ${wanted}: there is no such case`);
const browser = await launch();
try {
  for (const [name, run] of cases) {
    try {
      await Promise.race([run(browser), hung()]);
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
