// The page: one element, told what the address says. It uses nothing but what every other page can use.
// A file of its own because the policy allows no inline script.

/** How long the first visit waits for its service worker, milliseconds. */
const PATIENCE_MS = 5000;

/** Sees that everything that follows goes through the service worker, where the browser has one. */
async function guard() {
  const workers = navigator.serviceWorker;
  // Without a network there is nothing newer to be had.
  if (!workers || (workers.controller && !navigator.onLine)) return;
  const changed = new Promise((resolve) => { workers.addEventListener('controllerchange', resolve, { once: true }); });
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
  const registration = await workers.register('sw.js');
  if (workers.controller && registration.waiting) {
    // A newer build has come since the last visit.
    registration.waiting.postMessage('take over');
    await Promise.race([changed, late]);
    location.reload();
    await late;
  } else if (!workers.controller) {
    await Promise.race([changed, late]);
  } else {
    tellOfNewer(registration);
  }
}

/** A newer build that comes while the page is open waits; this page goes on with the files that belong together. */
function tellOfNewer(registration) {
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker.addEventListener('statechange', async () => {
      if (worker.state !== 'installed') return;
      const { said } = await import('./scan-wise.js');
      const note = document.createElement('p');
      note.className = 'newer';
      note.setAttribute('role', 'status');
      note.append(said('A newer version of this page is here.'), ' ');
      const button = document.createElement('button');
      button.textContent = said('Reload');
      button.addEventListener('click', () => location.reload());
      note.append(button);
      document.querySelector('main').append(note);
    });
  });
}

const element = document.querySelector('scan-wise');
for (const [name, value] of new URLSearchParams(location.search)) {
  const known = ['src', 'model', 'backend', 'theme', 'room', 'questions', 'hide', 'language'];
  if (known.includes(name)) element.setAttribute(name, value);
}
element.addEventListener('scanwise-cleared', async () => {
  const all = await navigator.serviceWorker?.getRegistrations() ?? [];
  await Promise.all(all.map((registration) => registration.unregister()));
});
// Refused in a private window, say: the page works all the same.
await guard().catch((error) => { console.warn(error); });
await import('./scan-wise.js');
