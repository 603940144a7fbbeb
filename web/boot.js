// Starts the page's program. A file of its own because the policy allows no inline script.
import init from './page.js';

try {
  await init();
} catch (error) {
  console.error(error);
  document.getElementById('fatal').hidden = false;
}
