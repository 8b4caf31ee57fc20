export type Theme = 'dark' | 'light';

const key = 'cerberus-theme';

/** What the reader chose, else what his system prefers. */
export function currentTheme(): Theme {
  const stored = localStorage.getItem(key);
  if (stored === 'dark' || stored === 'light') return stored;
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

/** Before the first picture, so that nothing flashes. */
export function applyStoredTheme(): void {
  document.documentElement.dataset['theme'] = currentTheme();
}

/** Kept in this browser. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  applyStoredTheme();
}
