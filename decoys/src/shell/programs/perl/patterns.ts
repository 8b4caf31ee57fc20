import { mayTakeForever, patternMax, patternTextMax } from '../safe-pattern.ts';
import type { Node } from './nodes.ts';
import { createPlaces } from './places.ts';
import { die, type Runtime } from './runtime.ts';
import type { Scope } from './scope.ts';
import { numberOf, PerlPattern, type Scalar, textOf } from './values.ts';

const topic: Node = { kind: 'scalar', name: '_' };

/** Where each pattern with `g` goes on when it is asked again. */
const reached = new WeakMap<Node, { text: string; at: number }>();

/** `/pattern/`: in a list what its brackets found, else whether it fits. */
export async function match(
  runtime: Runtime,
  node: Node & { kind: 'match' },
  scope: Scope,
  isList: boolean,
): Promise<Scalar[]> {
  const text = textOf(await runtime.scalar(node.on ?? topic, scope)).slice(0, patternTextMax);
  const pattern = await patternOf(runtime, node.pattern, node.flags, scope);
  if (!node.flags.includes('g')) {
    const found = pattern.exec(text);
    if (!found) return isList ? [] : [''];
    runtime.found = found;
    return isList && found.length > 1 ? found.slice(1) : [1];
  }
  if (!isList) {
    const before = reached.get(node);
    pattern.lastIndex = before?.text === text ? before.at : 0;
    const found = pattern.exec(text);
    reached.delete(node);
    if (!found) return [''];
    reached.set(node, { text, at: found[0] === '' ? pattern.lastIndex + 1 : pattern.lastIndex });
    runtime.found = found;
    return [1];
  }
  const all = [...text.matchAll(pattern)];
  runtime.found = all.at(-1) ?? runtime.found;
  return all.flatMap((found) => (found.length > 1 ? found.slice(1) : [found[0]]));
}

/** `s/pattern/text/`. @returns how often it was done, or with `r` the text */
export async function substitute(runtime: Runtime, node: Node & { kind: 'substitute' }, scope: Scope): Promise<Scalar> {
  const place = await createPlaces(runtime).placeOf(node.on ?? topic, scope);
  const text = textOf(place.get()).slice(0, patternTextMax);
  const pattern = await patternOf(runtime, node.pattern, `${node.flags}g`, scope);
  const all = [...text.matchAll(pattern)].slice(0, node.flags.includes('g') ? undefined : 1);
  let made = '';
  let at = 0;
  for (const found of all) {
    runtime.step();
    runtime.found = found;
    made += text.slice(at, found.index) + textOf(await runtime.scalar(node.by, scope));
    at = found.index + found[0].length;
  }
  made += text.slice(at);
  if (node.flags.includes('r')) return made;
  if (all.length === 0) return '';
  place.set(made);
  return all.length;
}

/** `tr/a-z/A-Z/`. @returns how many signs it met */
export async function transliterate(
  runtime: Runtime,
  node: Node & { kind: 'transliterate' },
  scope: Scope,
): Promise<Scalar> {
  const place = await createPlaces(runtime).placeOf(node.on ?? topic, scope);
  const text = textOf(place.get());
  const [from, to] = [signsOf(node.from), signsOf(node.to)];
  const isDeleting = node.flags.includes('d');
  const isOther = node.flags.includes('c');
  let count = 0;
  let made = '';
  let last = '';
  for (const sign of text) {
    const at = isOther ? (from.includes(sign) ? -1 : to.length) : from.indexOf(sign);
    if (at < 0) {
      made += sign;
      last = '';
      continue;
    }
    count++;
    const by = to.length === 0 && !isDeleting ? sign : (to[at] ?? (isDeleting ? '' : (to.at(-1) ?? sign)));
    if (!(node.flags.includes('s') && by === last)) made += by;
    last = by;
  }
  if (node.flags.includes('r')) return made;
  if (made !== text) place.set(made);
  return count;
}

function signsOf(text: string): string[] {
  const plain = text.replace(/\\(x[0-9a-fA-F]{2}|[\s\S])/g, (_, sign: string) => {
    if (sign.length > 1) return String.fromCharCode(Number.parseInt(sign.slice(1), 16));
    return { n: '\n', t: '\t', r: '\r', '0': '\0' }[sign] ?? sign;
  });
  return [
    ...plain.replace(/([\s\S])-([\s\S])/g, (_, first: string, last: string) => {
      const length = Math.max(0, last.charCodeAt(0) - first.charCodeAt(0) + 1);
      return Array.from({ length }, (_, at) => String.fromCharCode(first.charCodeAt(0) + at)).join('');
    }),
  ];
}

/** `qr/pattern/` */
export async function regexOf(runtime: Runtime, node: Node & { kind: 'regex' }, scope: Scope): Promise<PerlPattern> {
  const source = await runtime.scalar(node.pattern, scope);
  return source instanceof PerlPattern ? source : new PerlPattern(textOf(source), node.flags.replace(/[^imsx]/g, ''));
}

/** `split /,/, $text, 2` */
export async function split(runtime: Runtime, args: readonly Node[], scope: Scope): Promise<Scalar[]> {
  const [by, of = topic, most] = args;
  const text = textOf(await runtime.scalar(of, scope)).slice(0, patternTextMax * 16);
  const limit = most ? numberOf(await runtime.scalar(most, scope)) : 0;
  const given = by?.kind === 'match' ? by : undefined;
  const plain = by && !given ? await runtime.scalar(by, scope) : undefined;
  const isAwk =
    by === undefined ||
    plain === ' ' ||
    (given?.pattern.kind === 'text' && given.pattern.value === ' ' && plain !== undefined);
  const pattern = isAwk
    ? /\s+/g
    : given
      ? await patternOf(runtime, given.pattern, `${given.flags}g`, scope)
      : compiled(runtime, plain instanceof PerlPattern ? plain.source : textOf(plain), 'g');
  const parts = cut(isAwk ? text.trimStart() : text, pattern, limit);
  if (limit === 0) while (parts.length > 0 && (parts.at(-1) === '' || parts.at(-1) === undefined)) parts.pop();
  return parts;
}

function cut(text: string, pattern: RegExp, limit: number): Scalar[] {
  const parts: Scalar[] = [];
  if (text === '') return parts;
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    if (limit > 0 && parts.length >= limit - 1) break;
    const end = found.index + found[0].length;
    if (found[0] === '' && (found.index === 0 || found.index >= text.length)) continue;
    if (end === 0) continue;
    parts.push(text.slice(at, found.index), ...found.slice(1));
    at = end;
  }
  parts.push(text.slice(at));
  return parts;
}

async function patternOf(runtime: Runtime, node: Node, flags: string, scope: Scope): Promise<RegExp> {
  const source = await runtime.scalar(node, scope);
  if (source instanceof PerlPattern) return compiled(runtime, source.source, flags + source.flags);
  return compiled(runtime, textOf(source), flags);
}

const made = new Map<string, RegExp>();
const keptMax = 200;

function compiled(runtime: Runtime, source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  const known = made.get(key);
  if (known) return new RegExp(known);
  if (source.length > patternMax || mayTakeForever(source))
    return die(runtime, 'Complex regular subexpression recursion limit (65534) exceeded');
  const [, inner = '', rest = source] = /^\(\?([imsx]+)\)([\s\S]*)$/.exec(source) ?? [];
  const all = flags + inner;
  const letters = ['i', 'm', 's'].filter((flag) => all.includes(flag)).join('') + (all.includes('g') ? 'g' : '');
  try {
    const pattern = new RegExp(
      inJavaScript(all.includes('x') ? withoutBlanks(rest) : rest, all.includes('m')),
      letters,
    );
    if (made.size < keptMax) made.set(key, pattern);
    return new RegExp(pattern);
  } catch {
    return die(runtime, `Unmatched ( in regex; marked by <-- HERE in m/${source} <-- HERE /`);
  }
}

const classes: Readonly<Record<string, string>> = {
  ...{
    alpha: 'a-zA-Z',
    digit: '0-9',
    alnum: 'a-zA-Z0-9',
    upper: 'A-Z',
    lower: 'a-z',
    space: '\\s',
    xdigit: '0-9a-fA-F',
  },
  ...{ punct: '!-\\/:-@[-`{-~', word: '\\w', print: ' -~', cntrl: '\\x00-\\x1f', blank: ' \\t' },
};

function inJavaScript(source: string, isMultiline: boolean): string {
  return source
    .replace(/\[:(\w+):\]/g, (whole, name: string) => (Object.hasOwn(classes, name) ? (classes[name] ?? whole) : whole))
    .replace(/\(\?\^?[a-z]*:/g, '(?:')
    .replace(/\\(x\{[0-9a-fA-F]+\}|[\s\S])|\$(?=$|\))/g, (whole, escaped?: string) => {
      if (escaped === undefined) return isMultiline ? whole : '(?=\\n?(?![\\s\\S]))';
      if (escaped.length > 1) return `\\u${escaped.slice(2, -1).padStart(4, '0').slice(-4)}`;
      const told: Readonly<Record<string, string>> = {
        ...{
          A: '(?<![\\s\\S])',
          z: '(?![\\s\\S])',
          Z: '(?=\\n?(?![\\s\\S]))',
          h: '[ \\t]',
          e: '\\x1b',
          G: '',
          R: '(?:\\r\\n|\\n)',
        },
      };
      return told[escaped] ?? whole;
    });
}

/** With `x` blanks and remarks are none of the pattern. */
function withoutBlanks(source: string): string {
  return source.replace(/(\\[\s\S]|\[(?:\\.|[^\]])*\])|\s+|#[^\n]*/g, (_, kept?: string) => kept ?? '');
}
