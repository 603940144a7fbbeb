// Where it is measured: one request, one answer.

import init, { TextEngine, kernels_alone as kernelsAlone } from './text_engine.js';

/** MiB of different weights that products go round: more than a cache holds. */
const DISTINCT_MIB = 96;
const CONTEXT = 1024;
const LENGTHS = [256, 64];

async function measured({ what, onGpu, model, file }) {
  await init();
  if (what === 'kernels') return kernelsAlone(onGpu, DISTINCT_MIB);
  const engine = file
    ? await TextEngine.load(file.stream(), onGpu, CONTEXT)
    : await TextEngine.random(model, onGpu, CONTEXT);
  return engine.measure(what, ...LENGTHS);
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ rows: JSON.parse(await measured(data)) });
  } catch (error) {
    self.postMessage({ error: error?.message ?? String(error) });
  }
};
