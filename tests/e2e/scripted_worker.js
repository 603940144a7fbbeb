// An engine that plays a script, for tests of the page alone: it speaks the protocol, shows two
// boxes in a room, and answers by what the question asks it to do. Never part of the product.

const post = (event, columns = []) => self.postMessage({ event, columns }, columns);
const POINTS = 60_000;
const BOUNDS = { min: [0, 0, 0], max: [4, 5, 2.5] };
const SOFA = { min: [1, 1, 0], max: [1.8, 1.9, 0.8] };
const CHAIR = { min: [2.6, 3, 0], max: [3.2, 3.6, 1.1] };
const HOSTILE = '<img src=x onerror="window.hacked=1">';

function object(id, label, colour, bounds) {
  const box = { center: [0, 0, 0], size: [1, 1, 1] };
  return { id, label, colour, score: 0.9, points: 100, box_in_scene: bounds, box };
}
const objects = [object(1, 'sofa', 'blue', SOFA), object(2, HOSTILE, null, CHAIR)];

/** Floor grey, sofa blue, chair red; the same every time. */
function room() {
  const positions = new Float32Array(POINTS * 3);
  const colours = new Uint8Array(POINTS * 3);
  const instances = new Uint32Array(POINTS);
  let state = 7;
  const random = () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
  for (let i = 0; i < POINTS; i += 1) {
    const id = i % 3;
    const { min, max } = [{ min: [0, 0, 0], max: [4, 5, 0.001] }, SOFA, CHAIR][id];
    for (let axis = 0; axis < 3; axis += 1) {
      positions[i * 3 + axis] = min[axis] + random() * (max[axis] - min[axis]);
    }
    colours.set([[120, 120, 120], [20, 60, 220], [220, 30, 30]][id], i * 3);
    instances[i] = id;
  }
  return { positions, colours, instances };
}

let scene = null;

function openScan(job, name, choices) {
  const { positions, colours, instances } = room();
  const again = positions.slice();
  post({ kind: 'progress', job, phase: 'parse', done: 500, total: 1000 });
  post({ kind: 'points', job, count: POINTS, bounds: BOUNDS, coloured: true },
    [positions.buffer, colours.buffer]);
  const reading = {
    up_confidence: choices.up ? 1 : 0.2, unit_confidence: 0.9, yaw_confidence: 0.8, mirrored: choices.mirrored ?? false,
    file_has_objects: true, objects_of_file: choices.objects_of_file ?? false,
  };
  const identity = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
  edits = [];
  scene = {
    name, points: POINTS, up: choices.up ?? 'z', unit: 'm', reading, scene_from_file: identity, bounds: BOUNDS, objects,
    warnings: [{ code: 'test-note', message: HOSTILE }],
  };
  post({ kind: 'scene_ready', job, scene, chips: ['How far is <OBJ1> from the door?'] },
    [again.buffer, instances.buffer]);
}

let edits = [];
let wasMoved = false;
/** Whether everything goes along with what is moved. */
let carries = false;

/** What the objects are after an edit, undone and redone as the engine does: by name and by id alone. */
function edit(job, command) {
  const refusal = { code: 'edit', recoverable: true };
  if (command.kind === 'edit' && command.edit === 'split') {
    post({ kind: 'failed', job, message: 'This object is of one piece, so there is no joint to take it apart at.', ...refusal });
    return;
  }
  if (command.kind === 'edit') edits = [...edits.filter(({ undone }) => !undone), { command, undone: false }];
  const last = edits.findLast(({ undone }) => !undone);
  const next = edits.find(({ undone }) => undone);
  if (command.kind === 'undo') last.undone = true;
  if (command.kind === 'redo') next.undone = false;
  let left = objects;
  const { positions, colours, instances: whose } = room();
  let moved = false;
  let placed = null;
  for (const { command: { edit: what, id, ids, name, by, bounds } } of edits.filter(({ undone }) => !undone)) {
    if (what === 'move') {
      moved = true;
      const goes = (one) => one === id || (carries && one > 0);
      const shifted = (corner) => corner.map((v, axis) => v + by[axis]);
      whose.forEach((of, i) => by.forEach((step, axis) => { positions[i * 3 + axis] += goes(of) ? step : 0; }));
      left = left.map((one) => (goes(one.id)
        ? { ...one, box_in_scene: { min: shifted(one.box_in_scene.min), max: shifted(one.box_in_scene.max) } } : one));
    }
    if (what === 'place') {
      placed = bounds;
      left = [...left, object(9, name, null, bounds)];
    }
    if (what === 'delete') left = left.filter((one) => one.id !== id);
    if (what === 'merge') left = left.filter((one) => one.id === ids[0] || !ids.includes(one.id));
    if (what === 'rename') left = left.map((one) => (one.id === id ? { ...one, label: name } : one));
    if (what === 'grow') left = [...left, object(7, 'object', null, CHAIR)];
  }
  const known = (id) => (left.some((one) => one.id === id) ? id : 0);
  // A new thing is a cube of green points.
  const grown = placed ? 4_000 : 0;
  const instances = Uint32Array.from({ length: POINTS + grown }, (_, i) => (i < POINTS ? known(whose[i]) : 9));
  const at = (i) => placed.min.map((low, axis) => low + ((i >> (4 * axis)) % 16) / 16 * (placed.max[axis] - low));
  const everywhere = Float32Array.from([...positions, ...Array.from({ length: grown }, (_, i) => at(i)).flat()]);
  const painted = Uint8Array.from([...colours, ...Array.from({ length: grown }, () => [20, 200, 40]).flat()]);
  const has = { moved: moved || scene.points !== POINTS + grown, grown: scene.points !== POINTS + grown };
  scene = { ...scene, points: POINTS + grown };
  const columns = [instances, has.moved || wasMoved ? everywhere : new Float32Array(), has.grown ? painted : new Uint8Array()];
  wasMoved = moved;
  const history = { undo: edits.some(({ undone }) => !undone), redo: edits.some(({ undone }) => undone) };
  post({ kind: 'edited', job, scene: { ...scene, objects: left }, chips: [], history }, columns.map(({ buffer }) => buffer));
}

const QUESTIONS = [
  {
    id: 'q000', task: 'grounding', text: 'What is next to <OBJ001>?', askable: true, right: '',
    objects: [{ label: HOSTILE, found: 2 }, { label: 'lamp', found: null }],
  },
  { id: 'q001', task: 'qa', text: 'What colour is the sofa?', askable: true, right: 'blue', objects: [{ label: 'sofa', found: 1 }] },
  { id: 'q002', task: 'qa', text: 'What is under the lamp?', askable: false, right: 'sofa', objects: [] },
];

function makeRoom(job, seed) {
  if (seed === 666) { // Never done, until it is stopped.
    post({ kind: 'progress', job, phase: 'make', done: 1, total: 40 });
    return;
  }
  openScan(job, `Made-up room ${seed}`, {});
  post({ kind: 'room_ready', job, seed, questions: QUESTIONS });
}

let testing = null;

function testRoom(job, most) {
  testing = job;
  post({ kind: 'progress', job, phase: 'test', done: 0, total: 3 });
  // As the engine does while it answers: none of this is to be shown.
  post({ kind: 'progress', job, phase: 'decode', done: 3, total: null });
  post({ kind: 'partial', job, answer: { spans: [{ text: 'STALE', source: 'lm', objects: [] }] } });
  post({ kind: 'judged', job, question: 'q000', said: HOSTILE, right: false });
  post({ kind: 'judged', job, question: 'q001', said: 'Blue.', right: true });
  if (most === 1) return; // Goes on until it is stopped.
  post({ kind: 'judged', job, question: 'q002', said: '', right: false });
  tested(false, 2);
}

function tested(stopped, asked) {
  const scores = [{ task: 'grounding', right: 0, asked: 1 }, { task: 'qa', right: 1, asked }];
  post({ kind: 'tested', job: testing, scores, stopped });
  testing = null;
}

function answer(job, { question, system }) {
  const spans = [
    { text: 'The blue sofa', source: 'lm', objects: [1] },
    { text: ` ${HOSTILE} is `, source: 'lm', objects: [] },
    {
      text: '1.83 m', source: 'measured', objects: [1, 2],
      measured: { value: 1.83, unit: 'm', band: 0.02, line_in_scene: [[1.8, 1.9, 0.4], [2.6, 3, 0.4]] },
    },
    { text: ' away.', source: 'lm', objects: [] },
  ];
  post({ kind: 'partial', job: job - 1, answer: { spans: [{ text: 'STALE', source: 'lm', objects: [] }] } });
  post({ kind: 'partial', job, answer: { spans: spans.slice(0, 1) } });
  if (question.includes('wait')) return;
  const backend = { segment: 'cpu', encode: 'cpu', lm: 'cpu' };
  const seconds = { parse: 0.1, segment: 0.2, encode: 0.3, first_token: 0.1, total: 0.4 };
  const report = {
    answer: spans.map((span) => span.text).join(''), spans, objects, points: POINTS,
    instances: 2, backend, seconds, tokens_per_s: 14, system, bytes: 5_000_000, ...asked(question),
  };
  const known = QUESTIONS.find(({ text }) => text.replace(/<OBJ0*/g, '<OBJ') === question);
  if (known) post({ kind: 'checked', job, question: known.id, right: known.id === 'q001' });
  post({ kind: 'answered', job, report });
}

/** What is drawn beside an answer. */
function asked(question) {
  const beside = (by) => ({ min: SOFA.min.map((v, i) => v + by[i]), max: SOFA.max.map((v, i) => v + by[i]) });
  carries ||= question.includes('with all');
  if (question.includes('Move')) return { placement: { object: 1, anchors: [], bounds_in_scene: beside([0, 2.2, 0]) } };
  if (question.includes('Put')) return { placement: { name: 'lamp <b>', anchors: [1], bounds_in_scene: beside([1.5, 0, 0]) } };
  if (question.includes('Walk')) {
    return { way: { ends: [1, 2], corners_in_scene: [[0.5, 0.5, 0], [0.5, 4, 0], [3.5, 4, 0]], corners: [], lm_corners: [] } };
  }
  return {};
}

self.onmessage = ({ data: { request } }) => {
  const { job, command } = request;
  if (command.kind === 'load_model') {
    post({ kind: 'model_ready', job, name: command.name, backend: { segment: 'cpu', encode: 'cpu', lm: 'cpu' }, bytes: 1, systems: ['unified', 'inst3d', 'llm3d', 'spatial'] });
  } else if (command.kind === 'open_scan') {
    openScan(job, command.name, command.choices);
  } else if (command.kind === 'make_room') {
    makeRoom(job, command.seed);
  } else if (command.kind === 'test_room') {
    testRoom(job, command.most);
  } else if (command.kind === 'look_inside') {
    const relations = [{ id: 2, gate: 0.75, attention: 0.6 }, { id: 1, gate: 0.5, attention: 0.4 }];
    const pictures = new Uint8Array(5 * 32 * 32 * 4).fill(255, 0, 2 * 32 * 32 * 4); // Three views there are not.
    const inside = { id: command.id, relations, views: [0.4, 0.35, 0.25, 0, 0, 0], px: 32 };
    post({ kind: 'inside', job, inside }, [pictures.buffer]);
  } else if (['edit', 'undo', 'redo'].includes(command.kind)) {
    edit(job, command);
  } else if (command.kind === 'save') {
    post({ kind: 'saved', job, objects: '{"objects":[]}' }, [new TextEncoder().encode('ply\n').buffer]);
  } else if (command.kind === 'stop' && command.target === testing) {
    tested(true, 1);
  } else if (command.kind === 'stop') {
    post({ kind: 'stopped', job: command.target });
  } else if (command.question.includes('crash')) {
    throw new Error('a scripted crash');
  } else if (command.question.includes('hang')) {
    for (;;); // Until it is ended from outside.
  } else {
    if (command.question.includes('nonsense')) {
      post({ kind: 'nobody_knows', job, more: [1] });
      self.postMessage('not a message');
      self.postMessage({ event: 7, columns: 'none' });
    }
    answer(job, command);
  }
};
post({ kind: 'hello', version: 7, canary_blocked: null });
setInterval(() => post({ kind: 'heartbeat' }), 1000);
