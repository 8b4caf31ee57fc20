import { decodeBase32, decodeBase64, decodeEscapes, decodeHex } from './decode-text.ts';
import { isInterpreter, type RunWords } from './nested-text.ts';
import { foldLiterals, unquoted } from './script-literals.ts';

/**
 * What a plain text command would print, given its standard input; null where that cannot be told without running it.
 * Only pure tools are known, so a value that is given is right.
 */
export function producedText(command: RunWords, stdin: string | null): string | null {
  const { name, args } = command;
  switch (name) {
    case 'echo':
      return echoed(args);
    case 'printf':
      return printed(args);
    case 'which':
    case 'type':
    case 'command':
      return args.at(-1) ?? null;
    case 'cat':
    case 'tee':
    case 'sort':
      return args.filter((arg) => arg !== '-').length <= 1 || name === 'tee' ? stdin : null;
    case 'base64':
      return stdin !== null && args.some((arg) => decodingFlag.test(arg)) ? decodeBase64(stdin) : null;
    case 'base32':
      return stdin !== null && args.some((arg) => decodingFlag.test(arg)) ? decodeBase32(stdin) : null;
    case 'basenc':
      return stdin !== null && args.some((arg) => decodingFlag.test(arg)) ? decodedBy(args, stdin) : null;
    case 'openssl':
      return stdin !== null && args.includes('-d') && args.some((arg) => arg.includes('base64') || /^-[aA]$/.test(arg))
        ? decodeBase64(stdin)
        : null;
    case 'xxd':
      return stdin !== null && args.some((arg) => /^-[a-z]*r/.test(arg)) ? decodeHex(stdin) : null;
    case 'rev':
      return stdin === null
        ? null
        : stdin
            .split('\n')
            .map((line) => [...line].reverse().join(''))
            .join('\n');
    case 'tr':
      return stdin === null ? null : translated(args, stdin);
    case 'sed':
      return stdin === null ? null : substituted(args, stdin);
    case 'cut':
      return stdin === null ? null : cutOut(args, stdin);
    case 'head':
      return stdin === null ? null : firstOf(args, stdin);
    case 'gunzip':
    case 'zcat':
      return stdin;
    case 'gzip':
      return args.some((arg) => /^-[a-z]*d/.test(arg)) ? stdin : null;
    default:
      return isInterpreter(name) ? printedByScript(args) : null;
  }
}

const decodingFlag = /^(?:-[a-z]*d[a-z]*|-D|--decode)$/;

function decodedBy(args: readonly string[], stdin: string): string | null {
  if (args.includes('--base32')) return decodeBase32(stdin);
  return args.includes('--base16') ? decodeHex(stdin) : decodeBase64(stdin);
}

const printing =
  /(?:^|[;{\s])(?:print|printf|puts|echo|say|console\.log|(?:process|sys)\.stdout\.write)\s*\(?\s*"((?:[^"\\]|\\.){1,8192})"/;

/** What a one-line script prints, where that is a text that stands in it. */
function printedByScript(args: readonly string[]): string | null {
  const script = args.find((arg) => /print|puts|echo|say|console|stdout/.test(arg));
  const [, body] = script === undefined ? [] : (printing.exec(foldLiterals(script)) ?? []);
  return body === undefined ? null : unquoted(body);
}

const substitution = /^s([/|#,:!])([\w .#@%^+=-]{1,64})\1([^\\&]{0,64})\1([gI]{0,2})$/;

/** Longer texts are not followed: each substitution may make them 64 times as long. */
const substitutedMax = 16_384;

/** `sed s/Q//g` with a plain text to look for; other scripts are not followed. */
function substituted(args: readonly string[], stdin: string): string | null {
  const scripts = args.filter((arg) => !/^-[eErs]$/.test(arg));
  let text: string | null = stdin;
  for (const script of scripts) {
    const [, , from, to = '', flags = ''] = substitution.exec(script) ?? [];
    if (from === undefined || /[.^*+]/.test(from) || text.length > substitutedMax) return null;
    text = flags.includes('g') ? text.replaceAll(from, () => to) : text.replace(from, () => to);
  }
  return text;
}

function cutOut(args: readonly string[], stdin: string): string | null {
  const [, first, last] = /^-(?:c|b) ?(\d{1,4})(?:-(\d{0,4}))?$/.exec(args.join(' ')) ?? [];
  if (first === undefined) return null;
  const end = last === undefined ? Number(first) : last === '' ? undefined : Number(last);
  return stdin
    .split('\n')
    .map((line) => line.slice(Number(first) - 1, end))
    .join('\n');
}

function firstOf(args: readonly string[], stdin: string): string | null {
  const [, kind, count] = /^(?:-(c|n) ?|-)(\d{1,6})$/.exec(args.join(' ')) ?? [];
  if (args.length > 0 && count === undefined) return null;
  return kind === 'c'
    ? stdin.slice(0, Number(count))
    : stdin
        .split('\n')
        .slice(0, Number(count ?? 10))
        .join('\n');
}

function echoed(args: readonly string[]): string {
  let at = 0;
  let escapes = false;
  for (; /^-[neE]+$/.test(args[at] ?? ''); at++) escapes ||= (args[at] ?? '').includes('e');
  const text = args.slice(at).join(' ');
  return escapes ? decodeEscapes(text) : text;
}

function printed(args: readonly string[]): string {
  const [format = '', ...values] = args[0] === '--' ? args.slice(1) : args;
  let next = 0;
  const text = decodeEscapes(format).replace(/%(%|[-0-9.]*[sbdqxc])/g, (_whole, code: string) => {
    if (code === '%') return '%';
    const value = values[next++] ?? '';
    return code.endsWith('b') ? decodeEscapes(value) : value;
  });
  return text;
}

function translated(args: readonly string[], stdin: string): string | null {
  if (args[0] === '-d' && args[1] !== undefined) {
    const gone = new Set(expanded(args[1]));
    return [...stdin].filter((character) => !gone.has(character)).join('');
  }
  const [from, to] = args;
  if (from === undefined || to === undefined || from.startsWith('-')) return null;
  const targets = expanded(to);
  const table = new Map(
    expanded(from).map((character, at) => [character, targets[Math.min(at, targets.length - 1)] ?? '']),
  );
  return [...stdin].map((character) => table.get(character) ?? character).join('');
}

const classes = new Map([
  ['upper', 'A-Z'],
  ['lower', 'a-z'],
  ['digit', '0-9'],
  ['space', ' \t\n\r'],
  ['alpha', 'A-Za-z'],
  ['alnum', '0-9A-Za-z'],
]);

/** The characters of a `tr` set such as `A-Za-z`; at most 512. */
function expanded(set: string): string[] {
  const characters: string[] = [];
  const source = decodeEscapes(set).replace(/\[:(\w+):\]/g, (whole, name: string) => classes.get(name) ?? whole);
  for (let at = 0; at < source.length && characters.length < 512; at++) {
    const [first, dash, last] = [source.charCodeAt(at), source[at + 1], source.charCodeAt(at + 2)];
    if (dash === '-' && last >= first) {
      for (let code = first; code <= last && characters.length < 512; code++)
        characters.push(String.fromCharCode(code));
      at += 2;
    } else characters.push(source[at] ?? '');
  }
  return characters;
}
