// Sets the theme before the first paint; web/src/state/theme.ts owns it from then on.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('vivarium_theme') ?? 'system';
  } catch {}
  const dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
