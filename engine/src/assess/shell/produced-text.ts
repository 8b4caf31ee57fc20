import { decodeBase64, decodeEscapes, decodeHex } from './decode-text.ts';
import type { RunWords } from './nested-text.ts';

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
      return args.filter((arg) => arg !== '-').length === 0 || name === 'tee' ? stdin : null;
    case 'base64':
      return stdin !== null && args.some((arg) => /^(?:-[a-z]*d[a-z]*|-D|--decode)$/.test(arg))
        ? decodeBase64(stdin)
        : null;
    case 'openssl':
      return stdin !== null && args.includes('-d') && args.some((arg) => arg.includes('base64') || arg === '-a')
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
    case 'gunzip':
    case 'zcat':
      return stdin;
    case 'gzip':
      return args.some((arg) => /^-[a-z]*d/.test(arg)) ? stdin : null;
    default:
      return null;
  }
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

/** The characters of a `tr` set such as `A-Za-z`; at most 512. */
function expanded(set: string): string[] {
  const characters: string[] = [];
  const source = decodeEscapes(set);
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
