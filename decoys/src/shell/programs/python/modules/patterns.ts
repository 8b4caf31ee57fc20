import { mayTakeForever, patternMax, patternTextMax } from '../../safe-pattern.ts';
import { raise } from '../faults.ts';
import type { Modules } from '../modules.ts';
import { builtIns, type Runtime } from '../runtime.ts';
import { PyBuiltIn, PyClass, PyFunction, PyInstance, PyIterator, PyList, PyTuple, type Value } from '../values.ts';

export const patternModules: Modules = {
  re: (runtime) => [
    ...(['I', 'IGNORECASE', 'M', 'MULTILINE', 'S', 'DOTALL', 'X', 'VERBOSE'] as const).map(
      (name, at): [string, Value] => [name, [2n, 8n, 16n, 64n][at >> 1] ?? 0n],
    ),
    ['error', new PyClass('error')],
    ...builtIns({
      compile: ([pattern, flags]) => compiled(runtime, String(pattern), flags),
      escape: ([text]) => String(text).replace(/[^\w]/g, '\\$&'),
      ...Object.fromEntries(
        ['search', 'match', 'fullmatch', 'findall', 'finditer', 'sub', 'split'].map((name) => [
          name,
          async ([pattern, ...rest]: readonly Value[], named: ReadonlyMap<string, Value>) =>
            await methodOf(compiled(runtime, pattern, named.get('flags')), name)(rest),
        ]),
      ),
    }),
  ],
};

function methodOf(pattern: PyInstance, name: string) {
  const method = pattern.members.get(name);
  return async (args: readonly Value[]) => (method instanceof PyBuiltIn ? await method.run(args, new Map()) : null);
}

const patternType = new PyClass('Pattern', [], new Map(), () => null);
const matchType = new PyClass('Match', [], new Map(), () => null);

function compiled(runtime: Runtime, pattern: Value | undefined, flags?: Value): PyInstance {
  if (pattern instanceof PyInstance) return pattern;
  const make = (before = '', after = '') => expression(before + String(pattern) + after, flags);
  return new PyInstance(
    patternType,
    new Map<string, Value>([
      ['pattern', pattern ?? ''],
      ...builtIns({
        search: ([text]) => matchOf(make().exec(cut(text))),
        match: ([text]) => matchOf(make('^(?:', ')').exec(cut(text))),
        fullmatch: ([text]) => matchOf(make('^(?:', ')$').exec(cut(text))),
        findall: ([text]) => new PyList([...cut(text).matchAll(make())].map(foundOf)),
        finditer: ([text]) => new PyIterator([...cut(text).matchAll(make())].map(matchOf), 'callable_iterator'),
        sub: async ([by = null, text, count]) => await replaced(runtime, make(), by, cut(text), Number(count ?? 0)),
        split: ([text]) =>
          new PyList(
            cut(text)
              .split(make())
              .map((part) => part ?? null),
          ),
      }),
    ]),
  );
}

function cut(text: Value | undefined): string {
  return typeof text === 'string'
    ? text.slice(0, patternTextMax)
    : raise('TypeError', 'expected string or bytes-like object');
}

function expression(source: string, flags: Value | undefined): RegExp {
  if (source.length > patternMax || mayTakeForever(source)) raise('RecursionError', 'maximum recursion depth exceeded');
  const bits = Number(flags ?? 0);
  const [, inline = ''] = /\(\?([ims]+)\)/.exec(source) ?? [];
  const letters = new Set([
    ...inline,
    ...(bits & 2 ? ['i'] : []),
    ...(bits & 8 ? ['m'] : []),
    ...(bits & 16 ? ['s'] : []),
    'g',
  ]);
  const theirs = source
    .replace(/\(\?[ims]+\)/, '')
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
  try {
    return new RegExp(theirs, [...letters].join(''));
  } catch {
    return raise('re.error', 'bad pattern');
  }
}

function foundOf(match: RegExpExecArray): Value {
  const [whole, ...groups] = match;
  if (groups.length === 0) return whole;
  const texts = groups.map((group) => group ?? '');
  return groups.length === 1 ? (texts[0] ?? '') : new PyTuple(texts);
}

function matchOf(match: RegExpExecArray | null): Value {
  if (!match) return null;
  const groups: Value[] = [...match].map((group) => group ?? null);
  const one = (key: Value = 0n): Value =>
    typeof key === 'string'
      ? (match.groups?.[key] ?? null)
      : (groups[Number(key)] ?? (Number(key) < groups.length ? null : raise('IndexError', 'no such group')));
  return new PyInstance(
    matchType,
    new Map<string, Value>([
      ['\0groups', new PyTuple(groups)],
      ...builtIns({
        group: (keys) => (keys.length > 1 ? new PyTuple(keys.map(one)) : one(keys[0])),
        groups: () => new PyTuple(groups.slice(1)),
        start: () => BigInt(match.index),
        end: () => BigInt(match.index + match[0].length),
        span: () => new PyTuple([BigInt(match.index), BigInt(match.index + match[0].length)]),
      }),
    ]),
  );
}

async function replaced(runtime: Runtime, pattern: RegExp, by: Value, text: string, most: number): Promise<string> {
  let [made, at, count] = ['', 0, 0];
  for (const match of text.matchAll(pattern)) {
    if (most > 0 && count++ >= most) break;
    const isCode = by instanceof PyFunction || by instanceof PyBuiltIn;
    const to = isCode ? await runtime.strOf(await runtime.invoke(by, [matchOf(match)])) : template(String(by), match);
    made += text.slice(at, match.index) + to;
    at = match.index + match[0].length;
  }
  return made + text.slice(at);
}

function template(by: string, match: RegExpExecArray): string {
  return by.replace(/\\(?:(\d+)|g<(\w+)>|(n|t|\\))/g, (_, number, name, letter) => {
    if (letter !== undefined) return letter === 'n' ? '\n' : letter === 't' ? '\t' : '\\';
    const key: string = number ?? name;
    return (/^\d+$/.test(key) ? match[Number(key)] : match.groups?.[key]) ?? '';
  });
}
