import { resolvePath } from '../../world/paths.ts';
import { historyPath, readHistory, writeHistory } from '../history-file.ts';
import type { Call, Result } from '../program.ts';
import { say } from '../program.ts';

const usage = 'history: usage: history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]\n';

/** The list of what was typed in this shell and, by its file, in those before it. */
export function history({ args, machine, shell }: Call): Result {
  // dash has none; the fault is said in its words.
  if (machine.shellKind().program === 'dash') return { stderr: 'bash: history: command not found\n', exitCode: 127 };
  const [first = '', ...rest] = args;
  if (!first.startsWith('-') || /^-?\d+$/.test(first)) return show(machine.history, first);
  const letters = first.slice(1);
  const wrong = [...letters].find((letter) => !'cdanrwps'.includes(letter));
  if (wrong !== undefined) return { stderr: `bash: history: -${wrong}: invalid option\n${usage}`, exitCode: 2 };
  const [file] = rest;
  const path =
    file === undefined ? historyPath(Object.fromEntries(shell.env), shell.cwd) : resolvePath(shell.cwd, file);
  if (letters.includes('c')) machine.history.length = 0;
  if (letters.includes('d')) return forget(machine.history, first.slice(first.indexOf('d') + 1) || (file ?? ''));
  if (letters.includes('s')) machine.history.splice(-1, 1, rest.join(' '));
  if (letters.includes('r')) machine.history.push(...readHistory(machine.world, path, machine.actor));
  if (letters.includes('a')) machine.keepHistory?.('added');
  if (letters.includes('w') && path !== undefined) {
    writeHistory(machine.world, path, machine.history, machine.actor);
    machine.keepHistory?.('written');
  }
  return letters.includes('p') ? say(rest.map((text) => `${text}\n`).join('')) : {};
}

function show(lines: readonly string[], count: string): Result {
  if (count !== '' && !/^-?\d+$/.test(count))
    return { stderr: `bash: history: ${count}: numeric argument required\n`, exitCode: 1 };
  const first = count === '' ? 0 : Math.max(0, lines.length - Math.abs(Number(count)));
  return say(lines.flatMap((line, at) => (at < first ? [] : [`${String(at + 1).padStart(5)}  ${line}\n`])).join(''));
}

/** `-d 3`, `-d -1` from the end, `-d 3-5`. */
function forget(lines: string[], given: string): Result {
  const [, from, to] = /^(-?\d+)(?:-(-?\d+))?$/.exec(given) ?? [];
  const placeOf = (text: string) => (Number(text) < 0 ? lines.length + Number(text) : Number(text) - 1);
  const [first, last] = [placeOf(from ?? '0'), placeOf(to ?? from ?? '0')];
  if (first < 0 || last >= lines.length || last < first)
    return { stderr: `bash: history: ${given}: history position out of range\n`, exitCode: 1 };
  lines.splice(first, last - first + 1);
  return {};
}
