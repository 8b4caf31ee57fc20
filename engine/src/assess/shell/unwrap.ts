import { bounds } from './statement.ts';

/** A command after its wrappers were taken off. */
export interface Unwrapped {
  readonly words: readonly string[];
  readonly via: readonly string[];
}

/** Wrappers that run the rest of their words, with the options that take a value. */
const wrappers = new Map<string, readonly string[]>([
  ['sudo', ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-T', '-U', '-D', '--user', '--group']],
  ['doas', ['-u', '-C']],
  ['nohup', []],
  ['setsid', []],
  ['exec', []],
  ['command', []],
  ['builtin', []],
  ['env', ['-u', '-C']],
  ['time', ['-f', '-o']],
  ['nice', ['-n']],
  ['ionice', ['-c', '-n', '-p']],
  ['timeout', ['-s', '-k', '--signal', '--kill-after']],
  ['stdbuf', ['-i', '-o', '-e']],
  ['xargs', ['-I', '-n', '-P', '-L', '-d', '-E', '-s', '-a', '--max-args', '--max-procs']],
  ['busybox', []],
  ['toybox', []],
  ['unbuffer', []],
  ['chronic', []],
  ['proxychains', ['-f']],
  ['proxychains4', ['-f']],
  ['torsocks', []],
  ['torify', []],
  ['coproc', []],
  ['catchsegv', []],
  ['fakeroot', []],
  ['linux32', []],
  ['linux64', []],
  ['setarch', []],
  ['flock', ['-w', '--timeout', '-E']],
  ['taskset', []],
  ['chrt', []],
  ['cpulimit', ['-l', '--limit']],
]);
/** Wrappers whose first word is no command: a lock's file, an architecture, a mask of processors, a priority. */
const withOperand = new Set(['flock', 'setarch', 'taskset', 'chrt']);
const listingSudo = new Set(['-l', '-ll', '--list', '-v', '-V', '-k', '-K']);
const wrappersMax = 6;

/** Takes `sudo`, `nohup`, `busybox`, `env`, `timeout`, `xargs` … off the front, at most six deep. */
export function unwrap(words: readonly string[]): Unwrapped {
  const via: string[] = [];
  let rest = words;
  while (via.length < wrappersMax) {
    const name = baseName(rest[0] ?? '');
    const valued = wrappers.get(name);
    if (valued === undefined) break;
    const inner = wrappedWords(name, rest, valued);
    if (inner.length === 0) break;
    via.push(name);
    rest = inner;
  }
  return { words: rest, via };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * `sudo -l`, `sudo -u#-1 x` (CVE-2019-14287) and `exec -a sshd x` are of interest themselves and stay as they are, and so do
 * those whose command is a text.
 */
function tellsMoreThanItsCommand(name: string, option: string): boolean {
  if (name === 'sudo') return listingSudo.has(option) || option.startsWith('-u#');
  if (name === 'flock') return option === '-c' || option === '--command';
  return (name === 'exec' && option === '-a') || (name === 'env' && (option === '-S' || option === '--split-string'));
}

function wrappedWords(name: string, words: readonly string[], valued: readonly string[]): readonly string[] {
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (tellsMoreThanItsCommand(name, word)) return [];
    if (valued.includes(word)) at++;
    else if (name === 'env' && /^\w+=/.test(word)) continue;
    else if (name === 'timeout' && /^[\d.]+[smhd]?$/.test(word)) continue;
    else if (!word.startsWith('-')) break;
  }
  return words.slice(withOperand.has(name) ? at + 1 : at);
}

const stdinWordsMax = 32;

/** What `xargs` makes of its input: words at the end, or in the place of `{}`. */
export function withStdinWords(args: readonly string[], stdin: string): string[] {
  const text = stdin.trim().slice(0, bounds.wordCharacters);
  if (args.some((arg) => arg.includes('{}'))) return args.map((arg) => arg.replaceAll('{}', () => text));
  return [...args, ...text.split(/\s+/).slice(0, stdinWordsMax)];
}
