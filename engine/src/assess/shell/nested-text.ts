import { escapedTexts } from './program-escapes.ts';
import { calledFromScript, quoteWord } from './script-calls.ts';

/** A command's name and arguments, wrappers taken off. */
export interface RunWords {
  readonly name: string;
  readonly args: readonly string[];
}

const shells = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'zsh',
  'ksh',
  'mksh',
  'csh',
  'tcsh',
  'fish',
  'rbash',
  'lksh',
  'hush',
]);
const interpreters = /^(?:python[\d.]*|perl[\d.]*|ruby[\d.]*|php[\d.]*|node|nodejs|lua[\d.]*|awk|gawk|mawk)$/;

export function isShell(name: string): boolean {
  return shells.has(name);
}

export function isInterpreter(name: string): boolean {
  return interpreters.test(name);
}

/** True where a shell or interpreter would run what comes on its standard input. */
export function runsStdin({ name, args }: RunWords): boolean {
  if (name === 'source' || name === '.') return args[0] === '/dev/stdin' || args[0] === '-';
  if (name === 'at' || name === 'batch') return !args.some((arg) => /^-[fcl]$/.test(arg));
  if (!isShell(name)) return false;
  if (args.some((arg) => /^-[a-z]*c$/.test(arg))) return false;
  return args.includes('-s') || args.every((arg) => arg.startsWith('-') || arg === '/dev/stdin');
}

/** The file that a command would run as shell text: `sh x`, `. x`, `./x`. */
export function runFile({ name, args, path }: RunWords & { readonly path: string }): string | null {
  if (name === 'source' || name === '.') return args[0] ?? null;
  if (!isShell(name)) return path;
  if (args.some((arg) => /^-[a-z]*[cs]$/.test(arg))) return null;
  return args.find((arg) => !arg.startsWith('-')) ?? null;
}

/** What `sh -c text …` gives its text as `$0`, `$1` …; empty where there is none. */
export function callWords({ name, args }: RunWords): readonly string[] {
  const at = isShell(name) ? args.findIndex((arg) => /^-[a-z]*c$/.test(arg)) : -1;
  return at === -1 ? [] : args.slice(at + 2);
}

/** Commands that run the rest of their words and mean something themselves, with the options that take a value. */
const carriers = new Map<string, readonly string[]>([
  ['nsenter', ['-t', '--target', '-S', '-G']],
  ['unshare', ['-S', '-G', '-R', '-w']],
  ['chroot', []],
  ['systemd-run', ['-u', '--unit', '-p', '--property', '-M', '-H', '--on-calendar', '--on-active', '--on-boot', '-E']],
  ['parallel', ['-j', '-I', '-a', '--delay', '--timeout']],
]);
const loader = /^ld(?:-linux[\w.-]*|-musl[\w.-]*)?\.so[\d.]*$/;

/** Shell texts that stand in a command's arguments: `sh -c '…'`, `eval …`, `python -c "os.system('…')"`, `find -exec …`. */
export function nestedTexts(command: RunWords, stdin: string | null = null): string[] {
  const { name, args } = command;
  if (isShell(name)) return afterFlag(args, /^-[a-z]*c$/);
  if (name === 'eval') return [args.join(' ')];
  if (name === 'exec' || name === 'env') return renamed(name, args);
  if (name === 'su' || name === 'runuser' || name === 'script' || name === 'flock')
    return afterFlag(args, /^(?:-[a-z]*c|--command)$/);
  if (name === 'watch' || name === 'ssh') return [...remoteText(name, args), ...escapedTexts(command, stdin)];
  if (name === 'find' || name === 'fd') return executedByFind(args);
  if (name === 'trap' && args[0] !== undefined && !args[0].startsWith('-')) return [args[0]];
  if (name === 'alias') return args.flatMap((arg) => /^[^=]+=(.+)$/s.exec(arg)?.[1] ?? []);
  if (name === 'docker' || name === 'podman' || name === 'kubectl') return insideContainer(args);
  if (name === 'start-stop-daemon') return startedDaemon(args);
  if (loader.test(name)) return carriedText(args, ['--library-path', '--preload', '--argv0']);
  if (isInterpreter(name)) return calledFromScript(args);
  const valued = carriers.get(name);
  return valued === undefined
    ? escapedTexts(command, stdin)
    : carriedText(name === 'chroot' ? args.slice(1) : args, valued);
}

/** The rest after a carrier's own options; `parallel x ::: y` runs `x y`. */
function carriedText(args: readonly string[], valued: readonly string[]): string[] {
  let at = 0;
  for (; at < args.length && (args[at] ?? '').startsWith('-'); at++) if (valued.includes(args[at] ?? '')) at++;
  const words = args.slice(at).filter((arg) => !/^:::\+?$/.test(arg));
  return words.length === 0 ? [] : [words.map(quoteWord).join(' ')];
}

/** `exec -a sshd x` runs `x` under another name; `env -S 'x y'` splits its text into words. */
function renamed(name: string, args: readonly string[]): string[] {
  if (name === 'env') return afterFlag(args, /^(?:-S|--split-string)$/);
  return args[0] === '-a' ? [args.slice(2).map(quoteWord).join(' ')] : [];
}

function startedDaemon(args: readonly string[]): string[] {
  const [program] = afterFlag(args, /^(?:-[a-zA-Z]*[xa]|--exec|--startas)$/);
  const end = args.indexOf('--');
  if (program === undefined) return [];
  return [[program, ...(end === -1 ? [] : args.slice(end + 1))].map(quoteWord).join(' ')];
}

function afterFlag(args: readonly string[], flag: RegExp): string[] {
  const at = args.findIndex((arg) => flag.test(arg));
  const text = at === -1 ? undefined : args[at + 1];
  return text === undefined ? [] : [text];
}

const sshValued = /^-[bcDEeFIiJLlmOopQRSWw]$/;

function remoteText(name: string, args: readonly string[]): string[] {
  let at = 0;
  while (at < args.length && (args[at] ?? '').startsWith('-'))
    at += sshValued.test(args[at] ?? '') || (name === 'watch' && args[at] === '-n') ? 2 : 1;
  const text = args.slice(name === 'ssh' ? at + 1 : at).join(' ');
  return text === '' ? [] : [text];
}

function executedByFind(args: readonly string[]): string[] {
  const texts: string[] = [];
  for (let at = 0; at < args.length; at++) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(args[at] ?? '')) continue;
    const rest = args.slice(at + 1);
    const end = rest.findIndex((arg) => arg === ';' || arg === '+');
    texts.push((end === -1 ? rest : rest.slice(0, end)).map(quoteWord).join(' '));
  }
  return texts;
}

function insideContainer(args: readonly string[]): string[] {
  const at = args.findIndex(
    (arg) => isShell(arg.slice(arg.lastIndexOf('/') + 1)) || arg === 'chroot' || arg === 'nsenter',
  );
  return at === -1 ? [] : [args.slice(at).map(quoteWord).join(' ')];
}
