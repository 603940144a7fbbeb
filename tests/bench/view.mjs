// How fast the view turns, against three.js: the same points on a canvas of the same size, in one Chromium.
//
//     node tests/bench/view.mjs [POINTS]      # 1,000,000 if not given; one JSON line
//
// three.js is installed by this script, never by the tests. Both are turned a little in every frame for a while, once
// drawn they are asked for a pixel so that nobody can run ahead, and the time between two frames is taken, in turns.
// Ours draws a part of the points where the machine cannot keep up; `share` says how much of them it drew.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch } from '../e2e/browser.mjs';
import { openScan, visit, wait } from '../e2e/person.mjs';
import { ROOT, serve } from '../e2e/server.mjs';

const POINTS = Number(process.argv[2] ?? 1_000_000);
const FRAMES = 12;
const ROUNDS = 2;
const tools = process.env.SCANWISE_TOOLS ?? path.join(os.homedir(), '.cache/scanwise');
const peers = path.join(tools, 'bench');
const three = path.join(peers, 'node_modules/three');
if (!existsSync(three)) execFileSync('npm', ['install', '--prefix', peers, '--no-save', 'three'], { stdio: ['ignore', 2, 2] });
const built = (name) => ({ type: 'text/javascript', body: readFileSync(path.join(three, 'build', name), 'utf8') });

const PEER = `
import * as THREE from './three.module.js';
const canvas = document.querySelector('canvas');
const renderer = new THREE.WebGLRenderer({ canvas, antialias: true });
renderer.setPixelRatio(1);
const view = canvas.getBoundingClientRect();
renderer.setSize(view.width, view.height, false);
const scene = new THREE.Scene();
scene.background = new THREE.Color(0xeceae4);
const camera = new THREE.PerspectiveCamera(45.8, view.width / view.height, 0.05, 100);
camera.up.set(0, 0, 1);
window.show = (positions, colours) => {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.BufferAttribute(positions, 3));
  geometry.setAttribute('color', new THREE.BufferAttribute(colours, 3, true));
  const size = 1.5 * Math.sqrt(85 / (positions.length / 3));
  scene.add(new THREE.Points(geometry, new THREE.PointsMaterial({ size, vertexColors: true })));
};
let angle = 0;
window.turn = () => {
  angle += 0.02;
  camera.position.set(2 + 7 * Math.cos(angle), 2.5 + 7 * Math.sin(angle), 6);
  camera.lookAt(2, 2.5, 0.6);
  renderer.render(scene, camera);
};
window.gl = renderer.getContext();
`;

/** Turns for some frames; milliseconds between two of them, the middle one, and what share of the points ours drew. */
const turned = (page) => page.evaluate(async (frames) => {
  const pixel = new Uint8Array(4);
  const took = [];
  let before = null;
  for (let frame = 0; frame < frames; frame += 1) {
    const now = await new Promise(requestAnimationFrame);
    if (before !== null) took.push(now - before);
    before = now;
    window.turn();
    // Whoever is asked for a pixel must have drawn it.
    window.gl.readPixels(0, 0, 1, 1, window.gl.RGBA, window.gl.UNSIGNED_BYTE, pixel);
  }
  took.sort((a, b) => a - b);
  const { share } = (document.querySelector('scan-wise')?.shadowRoot ?? document).querySelector('canvas').dataset;
  return { ms: took[Math.floor(took.length / 2)], share: Number(share ?? 1) };
}, FRAMES);

const script = readFileSync(path.join(ROOT, 'tests/e2e/scripted_worker.js'), 'utf8')
  .replace('const POINTS = 60_000;', `const POINTS = ${POINTS};`);
const peer = '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/peer.css"><canvas></canvas><script type="module" src="/peer.js"></script>';
const extra = {
  '/worker_loader.js': { type: 'text/javascript', body: script },
  '/peer.html': { type: 'text/html; charset=utf-8', body: peer },
  '/peer.css': { type: 'text/css', body: 'body { margin: 0 } canvas { display: block; width: 100vw; height: 100vh }' },
  '/peer.js': { type: 'text/javascript', body: PEER },
  '/three.module.js': built('three.module.js'),
  '/three.core.js': built('three.core.js'),
};
const server = await serve({ extra });
const browser = await launch();
try {
  const ours = await browser.newPage({ viewport: { width: 1300, height: 700 } });
  await visit(ours, server.origin, { backend: 'cpu' });
  await openScan(ours, { name: 'room.ply', mimeType: 'application/octet-stream', buffer: Buffer.from('ply\n') });
  await ours.evaluate(() => {
    const canvas = document.querySelector('scan-wise').shadowRoot.getElementById('canvas');
    window.gl = canvas.getContext('webgl2');
    window.turn = () => {
      canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
    };
  });
  const { width, height } = await ours.locator('#canvas').boundingBox();
  const theirs = await browser.newPage({ viewport: { width: Math.round(width), height: Math.round(height) } });
  await theirs.goto(`${server.origin}/peer.html`);
  await wait(theirs, 'three.js', () => typeof window.show === 'function');
  // The same room: floor, sofa and chair.
  await theirs.evaluate((points) => {
    const boxes = [[[0, 0, 0], [4, 5, 0.001]], [[1, 1, 0], [1.8, 1.9, 0.8]], [[2.6, 3, 0], [3.2, 3.6, 1.1]]];
    const colours = [[120, 120, 120], [20, 60, 220], [220, 30, 30]];
    const [positions, shades] = [new Float32Array(points * 3), new Uint8Array(points * 3)];
    for (let i = 0; i < points; i += 1) {
      const [min, max] = boxes[i % 3];
      for (let axis = 0; axis < 3; axis += 1) positions[i * 3 + axis] = min[axis] + Math.random() * (max[axis] - min[axis]);
      shades.set(colours[i % 3], i * 3);
    }
    window.show(positions, shades);
  }, POINTS);
  const took = { ours: [], theirs: [] };
  let drawn = 1;
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, page] of [['ours', ours], ['theirs', theirs]]) {
      await page.bringToFront();
      const { ms, share } = await turned(page);
      if (round > 0) took[name].push(ms); // The first is to warm up.
      if (name === 'ours') drawn = share;
    }
  }
  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const [a, b] = [middle(took.ours), middle(took.theirs)];
  const row = { name: 'view', metric: `frame, ${POINTS} points, turning`, value: a, unit: 'ms', backend: 'swiftshader', against: 'three.js', ratio: b / a, share: drawn };
  console.log(JSON.stringify({ machine: `${os.arch()} ${os.platform()}, ${os.cpus().length} threads`, rows: [row] }));
} finally {
  await browser.close();
  await server.close();
}
