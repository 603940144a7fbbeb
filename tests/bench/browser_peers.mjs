// In Chromium, in turns: our CPU path against wllama on one thread, with the same GGUF file; our 4-bit product against
// MatMulNBits of onnxruntime-web, with the same bytes, on WebGPU and on the CPU. What both say is compared before it counts.
// Started by peers.mjs, which installs the peers.

import { createReadStream, existsSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { launch } from '../e2e/browser.mjs';
import { DIST } from '../e2e/server.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

const PAGE = '<!doctype html><title>peers</title>';

/** Ours, the peers' packages and the model, on one origin without any policy: wllama makes its workers out of strings. */
function serve(modules, models) {
  const find = (url) => {
    const model = models.find((file) => url === `/${path.basename(file)}`);
    if (model) return model;
    if (url.startsWith('/npm/')) return path.join(modules, url.slice(5));
    return path.join(DIST, url);
  };
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://x').pathname;
    const file = find(url);
    if (url === '/') {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
    } else if (url.includes('..') || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
    } else {
      response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream', 'Content-Length': statSync(file).size });
      createReadStream(file).pipe(response);
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, origin: `http://127.0.0.1:${server.address().port}` }));
  });
}

/** A page in which both can be asked. Everything in here runs in the browser. */
async function prepare(page, origin) {
  await page.goto(`${origin}/`);
  await page.evaluate(() => {
    /** Ours in a worker, as it is used. */
    const code = `
      import init, * as ours from '${location.origin}/text_engine.js';
      const ready = init();
      let engine = null;
      self.onmessage = async ({ data: { id, what, args } }) => {
        try {
          await ready;
          let result;
          if (what === 'load') {
            engine = await ours.TextEngine.load((await fetch('${location.origin}/' + args[0])).body, false, 1024);
          } else if (what === 'say') {
            const [prompt, count] = args;
            const tokens = engine.encode(prompt);
            engine.forget();
            const start = performance.now();
            const first = await engine.read(tokens);
            const read = performance.now();
            const written = [first, ...await engine.write(first, count - 1)];
            const end = performance.now();
            result = { text: engine.decode(written), prefill: 1e3 * tokens.length / (read - start), decode: 1e3 * (count - 1) / (end - read) };
          } else {
            result = await ours[what](...args);
          }
          self.postMessage({ id, result });
        } catch (error) {
          self.postMessage({ id, error: String(error?.message ?? error) });
        }
      };`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { type: 'module' });
    const waiting = new Map();
    worker.onmessage = ({ data: { id, result, error } }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(error)); else resolve(result);
    };
    let last = 0;
    window.ours = (what, ...args) => new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.postMessage({ id: last, what, args });
    });

    window.wllama = async (model) => {
      const { Wllama } = await import('/npm/@wllama/wllama/esm/index.js');
      const wllama = new Wllama({ default: '/npm/@wllama/wllama/esm/wasm/wllama.wasm' }, { suppressNativeLog: true });
      const blob = await (await fetch(`/${model}`)).blob();
      await wllama.loadModel([blob], { n_ctx: 1024, n_threads: 1, n_gpu_layers: 0, n_batch: 512 });
      window.leave = () => wllama.exit();
      window.theirs = async (prompt, count) => {
        const { choices, timings } = await wllama.createCompletion({ prompt, max_tokens: count, temperature: 0, cache_prompt: false });
        return { text: choices[0].text, prefill: timings.prompt_per_second, decode: timings.predicted_per_second };
      };
    };

    // ONNX, as protocol buffers have it: a field is its number and kind, then what it holds.
    const bytesOf = (value) => {
      const bytes = [];
      for (let left = BigInt(value); ; left >>= 7n) {
        if (left < 128n) return [...bytes, Number(left)];
        bytes.push(Number(left & 127n) | 128);
      }
    };
    const number = (field, value) => [new Uint8Array([...bytesOf(field << 3), ...bytesOf(value)])];
    const block = (field, parts) => {
      const size = parts.reduce((sum, part) => sum + part.length, 0);
      return [new Uint8Array([...bytesOf((field << 3) | 2), ...bytesOf(size)]), ...parts];
    };
    const text = (field, value) => block(field, [new TextEncoder().encode(value)]);
    const FLOAT = 1;
    const UINT8 = 2;
    const initializer = (name, kind, dims, raw) => block(5, [
      ...dims.flatMap((dim) => number(1, dim)), ...number(2, kind), ...text(8, name), ...block(9, [raw]),
    ]);
    const value = (field, name, dims) => block(field, [...text(1, name), ...block(2, block(1, [
      ...number(1, FLOAT), ...block(2, dims.flatMap((dim) => block(1, number(1, dim)))),
    ]))]);
    const attribute = (name, of) => block(5, [...text(1, name), ...number(3, of), ...number(20, 2)]);
    /** A chain of so many products with one square matrix; activations may become 8 bits, which is where they are fastest. */
    window.onnx = (side, words, scales, links) => {
      const name = (k) => ['x', 'y'][[0, links].indexOf(k)] ?? `t${k}`;
      const node = (k) => block(1, [
        ...text(1, name(k)), ...text(1, 'w'), ...text(1, 's'), ...text(2, name(k + 1)), ...text(4, 'MatMulNBits'),
        ...attribute('K', side), ...attribute('N', side), ...attribute('bits', 4), ...attribute('block_size', 32), ...attribute('accuracy_level', 4), ...text(7, 'com.microsoft'),
      ]);
      const graph = block(7, [
        ...Array.from({ length: links }, (_, k) => node(k)).flat(), ...text(2, 'chain'),
        ...initializer('w', UINT8, [side, side / 32, 16], new Uint8Array(words.buffer)),
        ...initializer('s', FLOAT, [side * side / 32], new Uint8Array(scales.buffer)),
        ...value(11, 'x', [1, side]), ...value(12, 'y', [1, side]),
      ]);
      const opset = (domain, version) => block(8, [...text(1, domain), ...number(2, version)]);
      const parts = [...number(1, 8), ...opset('', 17), ...opset('com.microsoft', 1), ...graph];
      const model = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      parts.reduce((at, part) => { model.set(part, at); return at + part.length; }, 0);
      return model;
    };
  });
}

const PROMPT = 'The room is long and light. Along its left wall stands a grey sofa with two red cushions, and in front of it a low table of oak with a bowl of apples. Opposite, by the window, a desk carries a lamp, a pile of letters and an old typewriter; the chair before it has been pushed back as if somebody had just got up. Between desk and door there is a shelf, nearly as high as the ceiling, with books on four boards, a globe on the fifth and nothing at all on the top. A carpet with a pattern of leaves covers half the floor. On the right a door stands open to the kitchen, where a kettle begins to sing. Somebody who came in now would first see the window, then the plants in front of it, and only then the cat, which sleeps on the radiator and does not care who comes. ';

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** How many characters both begin with. */
function shared(a, b) {
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at += 1;
  return at;
}

async function againstWllama(page, name, rounds) {
  await page.evaluate((model) => window.ours('load', model), name);
  await page.evaluate((model) => window.wllama(model), name);
  const found = [];
  for (let round = 0; round < rounds; round += 1) {
    const own = await page.evaluate((prompt) => window.ours('say', prompt, 64), PROMPT);
    const other = await page.evaluate((prompt) => window.theirs(prompt, 64), PROMPT);
    if (shared(own.text, other.text) < 8) throw new Error(`they say different things: ${own.text} / ${other.text}`);
    found.push([own, other]);
  }
  await page.evaluate(() => window.leave());
  return ['decode', 'prefill'].map((metric) => ({
    name: 'lm',
    metric,
    model: name,
    value: middle(found.map(([own]) => own[metric])),
    unit: 'tokens/s',
    backend: 'wasm, 1 thread',
    against: 'wllama',
    ratio: middle(found.map(([own, other]) => own[metric] / other[metric])),
    same: `${shared(found[0][0].text, found[0][1].text)} of ${found[0][0].text.length} characters`,
  }));
}

/** Products in a chain: what a session costs to run is not what is measured. */
const LINKS = 16;

/** A chain of products on both, of the same bytes: seconds of a product, and by how much the outputs differ. */
async function chains(page, settings) {
  return page.evaluate(async ({ side, onGpu, rounds, times, links }) => {
    const ort = window.ort ?? await import('/npm/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs');
    window.ort = ort;
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = '/npm/onnxruntime-web/dist/';
    const words = new Uint32Array(side * side / 8);
    for (let at = 0; at < words.length; at += 16384) crypto.getRandomValues(words.subarray(at, Math.min(words.length, at + 16384)));
    // Outputs are about as large as inputs; a power of two is the same in 16 and in 32 bits.
    const scale = 2 ** -Math.round(Math.log2(4.6 * Math.sqrt(side)));
    const half = (15 + Math.log2(scale)) << 10;
    const scales = new Float32Array(side * side / 32).fill(scale);
    const halves = new Uint16Array(scales.length).fill(half);
    const x = Float32Array.from({ length: side }, (_, k) => Math.sin(k * 0.37));

    const session = await ort.InferenceSession.create(window.onnx(side, words, scales, links), {
      executionProviders: [onGpu ? 'webgpu' : 'wasm'], ...(onGpu ? { preferredOutputLocation: 'gpu-buffer' } : {}),
    });
    let input = new ort.Tensor('float32', x, [1, side]);
    if (onGpu) {
      const device = ort.env.webgpu.device;
      const buffer = device.createBuffer({ size: 4 * side, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC });
      device.queue.writeBuffer(buffer, 0, x);
      input = ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: [1, side] });
    }
    const theirs = async (count) => {
      let last = null;
      const start = performance.now();
      for (let k = 0; k < count; k += 1) {
        last?.dispose();
        ({ y: last } = await session.run({ x: input }));
      }
      const data = new Float32Array(await last.getData());
      last.dispose();
      return { seconds: (performance.now() - start) / 1e3 / count, data };
    };
    await theirs(2);
    const found = [];
    for (let round = 0; round < rounds; round += 1) {
      const own = await window.ours('chain', onGpu, words, halves, x, links, times);
      const other = await theirs(times);
      const peak = Math.max(...other.data.map(Math.abs));
      const difference = Math.max(...other.data.map((value, index) => Math.abs(value - own[index]))) / peak;
      found.push({ own: own[side] / links, other: other.seconds / links, difference });
    }
    await session.release();
    return found;
  }, { ...settings, links: LINKS });
}

async function againstOnnx(page, rounds) {
  const found = [];
  for (const onGpu of [true, false]) {
    for (const side of [576, 1024, 2048, 4096]) {
      const times = Math.max(2, Math.round(10 * (1024 / side) ** 2));
      const timings = await chains(page, { side, onGpu, rounds, times });
      const difference = Math.max(...timings.map((timing) => timing.difference));
      if (!(difference < 5e-2)) throw new Error(`products of ${side} differ by ${difference}`);
      found.push({
        name: 'kernels',
        metric: `matvec ${side}x${side}`,
        value: 1e6 * middle(timings.map(({ own }) => own)),
        unit: 'µs',
        backend: onGpu ? 'webgpu' : 'wasm, 1 thread',
        against: 'onnxruntime-web',
        ratio: middle(timings.map(({ own, other }) => other / own)),
        difference,
      });
    }
  }
  return found;
}

/** Rows as `scanwise bench` has them, with `against` and `ratio`. */
export async function browserRows(modules, models, rounds) {
  const { server, origin } = await serve(modules, models);
  const within = async (options, act) => {
    const browser = await launch(options);
    try {
      const page = await browser.newPage();
      if (process.env.SCANWISE_LOUD) page.on('console', (message) => console.error(message.text()));
      await prepare(page, origin);
      return await act(page);
    } finally {
      await browser.close();
    }
  };
  try {
    // Where there is an adapter, wllama lends it large products, however few layers it was given.
    const rows = await within({ webgpu: false }, async (page) => {
      const found = [];
      for (const model of models) found.push(...await againstWllama(page, path.basename(model), rounds));
      return found;
    });
    return [...rows, ...await within({}, (page) => againstOnnx(page, rounds))];
  } finally {
    server.close();
  }
}
