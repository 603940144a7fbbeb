// An author's own script: what the buttons of the article do with its three elements.

import './scan-wise.js';

const said = document.getElementById('said');
const scenes = new Map();
for (const figure of document.querySelectorAll('scan-wise')) {
  figure.addEventListener('scanwise-scene', ({ detail }) => { scenes.set(figure.id, detail); });
}

const volume = ({ box_in_scene: { min, max } }) => max.reduce((all, high, axis) => all * (high - min[axis]), 1);

function largest(id) {
  const { objects } = scenes.get(id) ?? { objects: [] };
  return objects.reduce((best, one) => (!best || volume(one) > volume(best) ? one : best), null);
}

const ACTS = {
  largest: (figure) => { const one = largest(figure.id); if (one) figure.focus(one.id); },
  ask: async (figure) => {
    const one = largest(figure.id);
    if (!one) { said.textContent = 'The room is still being looked at.'; return; }
    for await (const { answer, done } of figure.ask(`How far is #${one.id} from the door?`)) {
      said.textContent = done ? `It says: ${answer}` : answer;
    }
  },
};

for (const button of document.querySelectorAll('[data-act]')) {
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await ACTS[button.dataset.act](document.getElementById(button.dataset.figure));
    } catch (error) {
      said.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });
}
