// Light or dark, before anything is drawn: as the person chose here, else as the system has it. A plain script in the head, so that
// no wrong colours flash up. The choice stands in <html data-theme>, which style.css and the program read.

(() => {
  const kKey = 'lenet-lab theme';
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const kept = () => {
    try {
      return localStorage.getItem(kKey);
    } catch {
      return null; // no storage: the system's choice
    }
  };
  const follow = () => {
    const choice = kept();
    root.dataset.theme = choice === 'dark' || choice === 'light' ? choice : system.matches ? 'dark' : 'light';
  };
  system.addEventListener('change', follow);
  follow();

  /** Light becomes dark and back; kept for the next visit where there is storage. */
  globalThis.lenetToggleTheme = () => {
    const next = root.dataset.theme === 'dark' ? 'light' : 'dark';
    root.dataset.theme = next;
    try {
      localStorage.setItem(kKey, next);
    } catch {
      // for this visit only
    }
  };
})();
