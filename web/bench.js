// The page that measures: a form, a worker, a table.

const byId = (id) => document.getElementById(id);
const form = byId('what');
let figures = [];
let worker = null;

const chosen = (name) => new FormData(form).get(name);

/** Only what runs a model needs one; parity is of one file. */
function adjust() {
  const what = chosen('what');
  byId('model').disabled = what === 'kernels';
  const needsFile = what === 'parity';
  for (const input of form.querySelectorAll('[name=model]')) {
    input.disabled = needsFile && input.value !== 'file';
    if (needsFile && input.value === 'file') input.checked = true;
  }
}

function say(words, isWrong = false) {
  byId('state').textContent = words;
  byId('state').classList.toggle('wrong', isWrong);
}

function row({ metric, value, unit }) {
  const cells = [metric, value.toLocaleString('en', { maximumSignificantDigits: 4 }), unit];
  const line = document.createElement('tr');
  cells.forEach((text, index) => {
    const cell = document.createElement('td');
    cell.textContent = text;
    if (index === 1) cell.className = 'number';
    line.append(cell);
  });
  return line;
}

function show(rows) {
  figures = rows;
  byId('figures').tBodies[0].replaceChildren(...rows.map(row));
  byId('backend').textContent = rows[0]?.backend ?? '';
  byId('figures').hidden = rows.length === 0;
  byId('copy').disabled = rows.length === 0;
}

/** Asks a worker, which ends with its answer: the next one starts as fresh as this. */
function measure(request) {
  worker?.terminate();
  worker = new Worker('bench-worker.js', { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.rows));
    worker.onerror = (event) => reject(new Error(event.message || 'The engine broke down; a larger model than fits may be why.'));
    worker.postMessage(request);
  });
}

form.addEventListener('change', adjust);
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const what = chosen('what');
  const model = chosen('model');
  const file = byId('file').files[0];
  if (what !== 'kernels' && model === 'file' && !file) {
    say('Choose a GGUF file first.', true);
    return;
  }
  byId('run').disabled = true;
  show([]);
  say('Measuring: from some seconds to some minutes.');
  try {
    const request = { what, onGpu: chosen('where') === 'gpu', model, file: model === 'file' ? file : null };
    show(await measure(request));
    say(document.hidden ? 'Done, but the page was hidden: measure again.' : '');
  } catch (error) {
    say(error.message, true);
  }
  byId('run').disabled = false;
});
byId('copy').addEventListener('click', async () => {
  const machine = navigator.userAgent;
  await navigator.clipboard.writeText(JSON.stringify({ machine, rows: figures }, null, 1));
  say('Copied.');
});
adjust();
