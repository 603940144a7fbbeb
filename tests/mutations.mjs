// Do the tests of the kernels see what they are there for? Each of these mistakes is made in a copy of the committed tree,
// and a test must fail: `node tests/mutations.mjs [WORD]`. Needs a Vulkan adapter, lavapipe will do. Some minutes.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './e2e/server.mjs';

const MISTAKES = [
  { name: 'swapped nibble', file: 'shaders/parts/weights.wgsl', from: '(0u, 4u, 8u, 12u)', to: '(4u, 0u, 8u, 12u)' },
  { name: 'wrong scale stride', file: 'shaders/parts/weights.wgsl', from: 'scales[block / 2u * n + output]', to: 'scales[block / 2u * (n - 1u) + output]' },
  { name: 'smallest values forgotten', file: 'shaders/parts/weights.wgsl', from: 'if MINS == 1u {', to: 'if MINS == 2u {' },
  { name: 'KV off by one', file: 'shaders/decode_attention.wgsl', from: 'let at = step.position * stride', to: 'let at = (step.position + 1u) * stride' },
  { name: 'own key not attended to', file: 'shaders/decode_attention.wgsl', from: 'let weight = weigh(score);\n        let at', to: 'let weight = 0.0;\n        let at' },
  { name: 'ticket not reset', file: 'shaders/decode_project.wgsl', from: 'atomicStore(&tickets[0], 0u);', to: '' },
  { name: 'head ticket not reset', file: 'shaders/decode_attention.wgsl', from: 'atomicStore(&shared_parts[head], 0u);', to: '' },
  { name: 'norm before the sum is whole', file: 'shaders/decode_project.wgsl', from: '+ 1u != params.groups', to: '+ 1u == 0u' },
  { name: 'NaN not noticed on the GPU', file: 'shaders/decode_choose.wgsl', from: 'return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;', to: 'return true;' },
  { name: 'NaN not noticed on the CPU', file: 'crates/kernels/src/cpu/likeliest.rs', from: 'if !logit.is_finite()', to: 'if logit.is_infinite()' },
  { name: 'last of equals', file: 'shaders/decode_choose.wgsl', from: '(right == left && b.x < a.x)', to: '(right == left && b.x > a.x)' },
  { name: 'tile of weights half unpacked', file: 'shaders/matmul_tile.wgsl', from: 'let half = thread / OUTPUTS;', to: 'let half = 0u;' },
  { name: 'later keys seen', file: 'shaders/attention_tile.wgsl', from: 'min(count, max(seen, first) - first)', to: 'count' },
];

const chosen = MISTAKES.filter(({ name }) => name.includes(process.argv[2] ?? ''));
const copy = path.join(mkdtempSync(path.join(os.tmpdir(), 'scanwise-mutations-')), 'tree');
// Its own: cargo takes two trees of one name for the same.
const target = path.join(ROOT, 'target/mutations');
const run = (args) => spawnSync('cargo', ['test', '--release', '-p', 'kernels', ...args], {
  cwd: copy, env: { ...process.env, CARGO_TARGET_DIR: target, SCANWISE_REQUIRE_GPU: '1' }, encoding: 'utf8',
});

execFileSync('git', ['worktree', 'add', '--quiet', '--detach', copy, 'HEAD'], { cwd: ROOT });
let missed = 0;
try {
  if (run([]).status !== 0) throw new Error('the tests fail without any mistake');
  for (const { name, file, from, to } of chosen) {
    const where = path.join(copy, file);
    const whole = readFileSync(where, 'utf8');
    if (!whole.includes(from)) throw new Error(`${file} no longer says ${from}`);
    writeFileSync(where, whole.replace(from, () => to));
    const { status, stdout, stderr } = run([]);
    writeFileSync(where, whole);
    const failed = stdout.match(/^test .* FAILED$/m)?.[0].split(' ')[1];
    // What does not compile has proven nothing.
    if (status === 0 || !failed) {
      missed += 1;
      console.log(`MISSED ${name}${status === 0 ? '' : `: ${stderr.split('\n').find((line) => line.startsWith('error'))}`}`);
    } else {
      console.log(`seen   ${name}: ${failed}`);
    }
  }
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', copy], { cwd: ROOT });
  rmSync(path.dirname(copy), { recursive: true, force: true });
}
console.log(`${chosen.length - missed} of ${chosen.length} mistakes seen`);
process.exit(missed === 0 ? 0 : 1);
