/* global document, localStorage, matchMedia */
// Runs before the first paint, so that the page never flashes the other theme. stores/preferences.ts keeps it current.
(() => {
  let stored = null;
  try {
    stored = localStorage.getItem('opsroom.theme');
  } catch {
    // Storage may be switched off; the system's preference holds then.
  }
  const system = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
  document.documentElement.dataset.theme = stored === 'dark' || stored === 'light' ? stored : system;
})();
