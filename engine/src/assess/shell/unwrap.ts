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
  ['env', ['-u', '-C', '-S']],
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
]);
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

/** `sudo -l`, `sudo -u#-1 x` (CVE-2019-14287) and `exec -a sshd x` are of interest themselves and stay as they are. */
function tellsMoreThanItsCommand(name: string, option: string): boolean {
  return name === 'sudo' ? listingSudo.has(option) || option.startsWith('-u#') : name === 'exec' && option === '-a';
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
  return words.slice(at);
}
