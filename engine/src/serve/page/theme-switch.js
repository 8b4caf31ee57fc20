// @ts-check
import { find } from './dom.js';

const key = 'cerberus-theme';
const choices = ['auto', 'dark', 'light'];
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

/** Dark, light, or as the system says; kept for this browser. */
export function startTheme() {
  const button = find('#theme', HTMLButtonElement);
  button.addEventListener('click', () => {
    localStorage.setItem(key, choices[(choices.indexOf(chosen()) + 1) % choices.length] ?? 'auto');
    apply();
  });
  prefersDark.addEventListener('change', apply);
  apply();

  function apply() {
    const choice = chosen();
    const isDark = choice === 'dark' || (choice === 'auto' && prefersDark.matches);
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
    button.textContent = `Theme: ${choice}`;
  }
}

function chosen() {
  const kept = localStorage.getItem(key);
  return kept !== null && choices.includes(kept) ? kept : 'auto';
}
