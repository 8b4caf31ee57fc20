import type { Actor, World } from '../world/world.ts';
import {
  addHistory,
  historyBound,
  historyLinesMax,
  historyPath,
  historySwitch,
  isRemembered,
  readHistory,
} from './history-file.ts';
import { killsShell } from './line-shape.ts';
import type { ShellKind } from './shell-kind.ts';

/** What `history` asks of the shell's list besides showing it. */
export type HistoryKept = 'added' | 'written';

/** Of the shell that the list is of, as it is when the list is read or kept. */
export interface HistoryOwner {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly actor: Actor;
}

export type ShellHistory = ReturnType<typeof createShellHistory>;

/**
 * The list of lines of one bash at a terminal: it begins with its file, and what is new is added to the file when the shell ends,
 * not before. A shell that is killed leaves nothing, as intruders know.
 */
export function createShellHistory(world: World, kind: ShellKind, owner: HistoryOwner) {
  const isBash = kind.program === 'bash';
  let lines: readonly string[] = isBash ? readHistory(world, historyPath(owner.env, owner.cwd), owner.actor) : [];
  let newLines = 0;
  let isOn = true;
  let isKilled = false;

  return { lines: () => lines, remember, heed, end };

  function remember(line: string, env: HistoryOwner['env']): void {
    isKilled = killsShell.test(line);
    const wasOn = isOn;
    isOn = historySwitch(line) ?? isOn;
    if (!wasOn || kind.program === 'dash' || !isRemembered(line, lines.at(-1), env)) return;
    lines = [...lines.slice(1 - historyLinesMax), line];
    newLines++;
  }

  /** What a line made of the list: `history -c` empties it, `-w` and `-a` have written it. */
  function heed(now: readonly string[], kept: HistoryKept | undefined, owner: HistoryOwner): void {
    lines = now;
    newLines = Math.min(newLines, now.length);
    if (kept === 'added') save(owner);
    if (kept === 'written') newLines = 0;
  }

  function end(owner: HistoryOwner): void {
    if (!isKilled) save(owner);
  }

  function save({ env, cwd, actor }: HistoryOwner): void {
    const kept = isBash ? Math.min(newLines, historyBound(env)) : 0;
    if (kept > 0) addHistory(world, historyPath(env, cwd), lines.slice(-kept), actor);
    newLines = 0;
  }
}
