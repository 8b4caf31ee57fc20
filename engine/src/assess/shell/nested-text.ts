import { decodeBase64, looksLikeText } from './decode-text.ts';

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

function isShell(name: string): boolean {
  return shells.has(name);
}

export function isInterpreter(name: string): boolean {
  return interpreters.test(name);
}

/** True where a shell or interpreter would run what comes on its standard input. */
export function runsStdin({ name, args }: RunWords): boolean {
  if (name === 'source' || name === '.') return args[0] === '/dev/stdin' || args[0] === '-';
  if (!isShell(name)) return false;
  if (args.some((arg) => /^-[a-z]*c$/.test(arg))) return false;
  return args.includes('-s') || args.every((arg) => arg.startsWith('-') || arg === '/dev/stdin');
}

/** Shell texts that stand in a command's arguments: `sh -c '…'`, `eval …`, `python -c "os.system('…')"`, `find -exec …`. */
export function nestedTexts(command: RunWords): string[] {
  const { name, args } = command;
  if (isShell(name)) return afterFlag(args, /^-[a-z]*c$/);
  if (name === 'eval') return [args.join(' ')];
  if (name === 'su' || name === 'runuser' || name === 'script') return afterFlag(args, /^(?:-[a-z]*c|--command)$/);
  if (name === 'watch' || name === 'ssh') return remoteText(name, args);
  if (name === 'find' || name === 'fd') return executedByFind(args);
  if (name === 'trap' && args[0] !== undefined && !args[0].startsWith('-')) return [args[0]];
  if (
    name === 'docker' ||
    name === 'podman' ||
    name === 'kubectl' ||
    name === 'nsenter' ||
    name === 'chroot' ||
    name === 'unshare'
  )
    return insideContainer(args);
  if (isInterpreter(name)) return calledFromScript(args);
  return [];
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

/** Keeps a decoded word one word when it is read as shell text again. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const callOfShell =
  /(?:system|popen|exec[lv]?p?e?|check_output|check_call|call|run|Popen|spawn|execSync|shell_exec|passthru|os\.execute)\s*\(?\s*\[?\s*(?:"((?:[^"\\]|\\.){2,2000})"|'((?:[^'\\]|\\.){2,2000})'((?:\s*,\s*["'][^"']*["'])*))/g;
const blobOfBase64 =
  /(?:b64decode|decode_base64|base64_decode|unpack\(["']m0?["']\))\s*\(?\s*[bu]?["']([A-Za-z0-9+/=\s]{8,65536})["']/g;

/** Shell text within a one-line script: what it hands to `system`, `popen`, `exec` …, and base64 that it decodes. */
function calledFromScript(args: readonly string[]): string[] {
  const script = args
    .filter((arg) => !/^-[A-Za-z]*$/.test(arg))
    .join('\n')
    .slice(0, 8192);
  const texts: string[] = [];
  for (const match of script.matchAll(callOfShell)) texts.push(match[1] ?? match[2] ?? '');
  for (const match of script.matchAll(/`([^`]{2,2000})`/g)) texts.push(match[1] ?? '');
  for (const match of script.matchAll(blobOfBase64)) {
    const decoded = decodeBase64(match[1] ?? '');
    if (decoded !== null && looksLikeText(decoded)) texts.push(...calledFromScript([decoded]));
  }
  return texts.slice(0, 16);
}
