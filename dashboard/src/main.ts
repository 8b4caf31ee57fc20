import { askEarly } from './api/early.ts';
import { applyStoredTheme } from './app/theme.ts';
import './theme.css';

/*
 * A few kilobytes that run while the page itself is still on its way: the first view's questions are with the engine
 * before React is read.
 */
applyStoredTheme();
askEarly();
void import('./app/page.tsx');
