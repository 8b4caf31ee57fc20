/** What a line said, and how it ended. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export type Verdict = 'equal' | 'plausible' | 'same form' | 'different';

/**
 * How two machines' answers to one line compare. Always the same exit status, and then
 *
 * * `equal`: the same bytes of output and of error.
 * * `plausible`: the same words in the same order, once what differs between any two machines is taken away: what they, their
 *   kernels and processors are called, how long they are up,
 *   numbers (sizes, times, process ids, addresses), names of days and months, amounts of blanks, and what a
 *   progress meter overwrote.
 * * `same form`: only where the line asks for facts of the machine (`factPrograms`, or files of /proc, /sys and /etc that hold them). Of
 *   each line of output its form is taken: what stands before `:` or `=`, else for each column of the head (without one, for the first three words) whether a number
 *   or a word stands there. Every form that the decoy shows must be one that the real machine shows, at least half of the real machine's
 *   must be there, and the errors must be plausible. Of a program's own bytes the head counts, which says for which machine it is.
 */
export function compareSaid(line: string, real: Said, ours: Said, names: readonly string[]): Verdict {
  if (real.status !== ours.status) return 'different';
  if (real.stdout === ours.stdout && real.stderr === ours.stderr) return 'equal';
  if (real.stdout.startsWith('\x7fELF') && ours.stdout.startsWith('\x7fELF'))
    return real.stdout.slice(0, elfHeadBytes) === ours.stdout.slice(0, elfHeadBytes) ? 'same form' : 'different';
  const bare = (text: string) => withoutFacts(text, names);
  if (bare(real.stdout) === bare(ours.stdout) && bare(real.stderr) === bare(ours.stderr)) return 'plausible';
  if (!asksForFacts(line) || bare(real.stderr) !== bare(ours.stderr)) return 'different';
  return haveSameForm(bare(real.stdout), bare(ours.stdout)) ? 'same form' : 'different';
}

/** Magic, class, byte order, kind and machine. */
const elfHeadBytes = 20;

const factPrograms: ReadonlySet<string> = new Set(
  'ps top w who last lastlog uptime free df du lscpu lsblk uname hostname hostnamectl ifconfig ip netstat ss route arp mount env export set id ls find stat dmesg crontab systemctl service lspci lsmod dpkg apt history locate which type lsof nproc getent groups users date vmstat'.split(
    ' ',
  ),
);
const factFiles =
  /\/(?:proc|sys)\/|\/etc\/(?:passwd|group|shadow|host|resolv|issue|os-release|fstab|crontab|ssh)|\/var\/log\//;

function asksForFacts(line: string): boolean {
  return factFiles.test(line) || line.split(/[\s;|&()`$]+/).some((word) => factPrograms.has(word.replace(/^.*\//, '')));
}

/** Numbers become 0, so that 4 columns of them stay 4 columns. */
function withoutFacts(text: string, names: readonly string[]): string {
  let bare = text;
  for (const name of names) bare = bare.replaceAll(name, 'HOST');
  bare = bare.replace(/HOST(?: HOST)+/g, 'HOST').replace(/\bup (?:\d+ days?, +)?(?:\d+:\d\d|\d+ min)/g, 'up 0');
  return (
    bare
      .replace(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, 'DATE')
      .replace(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, '0')
      // A progress meter overwrites its line: what stays is shown.
      .replace(/[^\n]*\r(?!\n)/g, '')
      .replace(/[0-9]+/g, '0')
      // A package's version, which has more parts in one release of it than in the next.
      .replace(/\b0:0\.0[\w.+~-]*/g, '0')
      .replace(/[ \t]+/g, ' ')
      .replace(/ $/gm, '')
  );
}

function haveSameForm(real: string, ours: string): boolean {
  const [there, here] = [formsOf(real), formsOf(ours)];
  return [...here].every((form) => there.has(form)) && here.size * 2 >= there.size;
}

function formsOf(text: string): Set<string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [head = ''] = lines;
  const isHead = /[A-Z]{2}/.test(head) && !/\d/.test(head);
  const columns = isHead ? Math.max(3, head.trim().split(' ').length) : 3;
  return new Set([
    ...(isHead ? [head.trim()] : []),
    ...lines.slice(isHead ? 1 : 0).map((line) => formOf(line.trim(), columns)),
  ]);
}

function formOf(line: string, columns: number): string {
  const key = /^([\w ()-]{1,40}?) ?[:=]/.exec(line)?.[1];
  if (key !== undefined && !/^0/.test(key)) return `${key}:`;
  const words = line.split(' ').slice(0, columns);
  return words.map((word) => (/^\d/.test(word) ? '0' : 'a')).join(' ');
}
