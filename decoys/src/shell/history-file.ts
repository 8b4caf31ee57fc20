import { resolvePath } from '../world/paths.ts';
import type { Actor, World } from '../world/world.ts';

/** HISTSIZE and HISTFILESIZE of Debian's ~/.bashrc. */
export const historyLinesMax = 1_000;
const fileLinesMax = 2_000;

type Variables = Readonly<Record<string, string>>;

/** Where bash keeps what was typed; undefined where the visitor told it not to. */
export function historyPath(env: Variables, cwd: string): string | undefined {
  const file = env['HISTFILE'];
  return file === undefined || file === '' ? undefined : resolvePath(cwd, file);
}

/** What bash begins with: the latest lines of the file. */
export function readHistory(world: World, path: string | undefined, actor: Actor): string[] {
  if (path === undefined) return [];
  try {
    const lines = Buffer.from(world.read(path, actor)).toString('utf8').split('\n');
    return lines.filter((line) => line !== '').slice(-historyLinesMax);
  } catch {
    return [];
  }
}

/** What bash does as it ends: adds what is new. A place that cannot be written is passed over in silence, as bash does. */
export function addHistory(world: World, path: string | undefined, lines: readonly string[], actor: Actor): void {
  if (path === undefined || lines.length === 0) return;
  writeHistory(world, path, [...readHistory(world, path, actor), ...lines].slice(-fileLinesMax), actor);
}

export function writeHistory(world: World, path: string, lines: readonly string[], actor: Actor): void {
  try {
    world.write(path, Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8'), actor, 0o600);
  } catch {
    // As bash.
  }
}

/** How much of a history may be kept, as its variables say. */
export function historyBound(env: Variables): number {
  const bound = Math.min(...[env['HISTSIZE'], env['HISTFILESIZE']].map((text) => Number(text?.trim() || fileLinesMax)));
  return Number.isNaN(bound) || bound < 0 ? historyLinesMax : bound;
}

/** Whether bash would put the line into its list: Debian's ~/.bashrc leaves out what is there already, and what begins with a blank. */
export function isRemembered(line: string, before: string | undefined, env: Variables): boolean {
  const control = env['HISTCONTROL'] ?? 'ignoreboth';
  if (line.trim() === '' || historyBound(env) === 0) return false;
  if (/ignore(?:both|dups)/.test(control) && line === before) return false;
  return !(/ignore(?:both|space)/.test(control) && line.startsWith(' '));
}

/** `set +o history` and its opposite; undefined where a line is neither. */
export function historySwitch(line: string): boolean | undefined {
  const [, sign] = /(?:^|[;&]\s*)\s*set\s+([-+])o\s+history\b/.exec(line) ?? [];
  return sign === undefined ? undefined : sign === '-';
}
