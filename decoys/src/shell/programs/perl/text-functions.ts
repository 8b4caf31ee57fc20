import type { BuiltInCall, BuiltIns } from './built-ins.ts';
import { pack, unpack } from './pack.ts';
import { split } from './patterns.ts';
import { sprintf } from './sprintf.ts';
import { isReference, numberOf, type Scalar, textOf } from './values.ts';

const ofText = (change: (text: string) => Scalar) => async (call: BuiltInCall) => change(textOf(await call.value()));
const ofNumber = (change: (value: number) => Scalar) => async (call: BuiltInCall) =>
  change(numberOf(await call.value()));

/** Functions on texts and numbers. */
export const textFunctions: BuiltIns = {
  lc: ofText((text) => text.toLowerCase()),
  uc: ofText((text) => text.toUpperCase()),
  fc: ofText((text) => text.toLowerCase()),
  ucfirst: ofText((text) => text.slice(0, 1).toUpperCase() + text.slice(1)),
  lcfirst: ofText((text) => text.slice(0, 1).toLowerCase() + text.slice(1)),
  length: async ({ value }) => {
    const given = await value();
    return given === undefined ? undefined : textOf(given).length;
  },
  quotemeta: ofText((text) => text.replace(/[^A-Za-z0-9_]/g, '\\$&')),
  chr: ofNumber((code) =>
    code < 256
      ? String.fromCharCode(code & 0xff)
      : Buffer.from(String.fromCodePoint(Math.min(code, 0x10ffff))).toString('latin1'),
  ),
  ord: ofText((text) => (text === '' ? 0 : text.charCodeAt(0))),
  hex: ofText((text) => Number.parseInt(text.replace(/^0?x/i, '').replaceAll('_', ''), 16) || 0),
  oct: ofText((text) => {
    const bare = text.trim().replaceAll('_', '');
    if (/^0?[xb]/i.test(bare)) return Number(bare.replace(/^(?!0)/, '0').toLowerCase()) || 0;
    return Number.parseInt(bare.replace(/^0?o/i, ''), 8) || 0;
  }),
  int: ofNumber(Math.trunc),
  abs: ofNumber(Math.abs),
  sqrt: ofNumber(Math.sqrt),
  sin: ofNumber(Math.sin),
  cos: ofNumber(Math.cos),
  exp: ofNumber(Math.exp),
  log: ofNumber(Math.log),
  atan2: async ({ values }) => {
    const [y, x] = (await values()).map(numberOf);
    return Math.atan2(y ?? 0, x ?? 0);
  },
  rand: async ({ args, value }) => Math.random() * ((args.length > 0 ? numberOf(await value()) : 1) || 1),
  srand: () => 42,
  chomp: async (call) => await trimEach(call, (text) => text.replace(/\n$/, '')),
  chop: async (call) => await trimEach(call, (text) => text.slice(0, -1)),
  index: async ({ values }) => {
    const [text, part, from] = await values();
    return textOf(text).indexOf(textOf(part), numberOf(from));
  },
  rindex: async ({ values }) => {
    const [text, part, from] = await values();
    return textOf(text).lastIndexOf(textOf(part), from === undefined ? Infinity : numberOf(from));
  },
  substr,
  sprintf: async ({ values }) => {
    const [form, ...rest] = await values();
    return sprintf(textOf(form), rest);
  },
  join: async ({ values }) => {
    const [between, ...rest] = await values();
    return rest.map(textOf).join(textOf(between));
  },
  /** An array within a text in quotes. */
  'join-quoted': async ({ values, runtime, scope }) =>
    (await values()).map(textOf).join(textOf(await runtime.scalar({ kind: 'scalar', name: '"' }, scope))),
  split: async ({ runtime, args, scope, isList }) => {
    const parts = await split(runtime, args, scope);
    return isList ? parts : parts.length;
  },
  pack: async ({ values }) => {
    const [template, ...rest] = await values();
    return pack(textOf(template), rest);
  },
  unpack: async ({ values, value, args }) => {
    const [template, text] = await values();
    return unpack(textOf(template), textOf(args.length > 1 ? text : await value(1)));
  },
  vec: () => 0,
  crypt: async ({ values }) => textOf((await values())[0]),
};

async function trimEach(
  { runtime, places, args, scope }: BuiltInCall,
  trim: (text: string) => string,
): Promise<number> {
  let count = 0;
  for (const node of args.length > 0 ? args : [{ kind: 'scalar', name: '_' } as const]) {
    const bare = node.kind === 'my' ? node.target : node;
    if (node.kind === 'assign' || node.kind === 'my') await runtime.scalar(node, scope);
    const target = bare.kind === 'assign' ? (bare.to.kind === 'my' ? bare.to.target : bare.to) : bare;
    if (target.kind === 'array' || (target.kind === 'deref' && target.sigil === '@')) {
      const array = await places.arrayOf(target, scope);
      array.items = array.items.map((item) => trim(textOf(item)));
      count += array.items.length;
      continue;
    }
    const place = await places.placeOf(target, scope);
    const old = place.get();
    if (old === undefined || isReference(old)) continue;
    const made = trim(textOf(old));
    count += textOf(old).length - made.length;
    if (made !== textOf(old)) place.set(made);
  }
  return count;
}

async function substr({ values, places, args, scope }: BuiltInCall): Promise<Scalar> {
  const [given, from, length, by] = await values();
  const text = textOf(given);
  const start = numberOf(from) < 0 ? Math.max(0, numberOf(from) + text.length) : numberOf(from);
  if (start > text.length) return undefined;
  const count = length === undefined ? text.length : numberOf(length);
  const end = count < 0 ? Math.max(start, text.length + count) : start + count;
  const [of] = args;
  if (by !== undefined && of)
    (await places.placeOf(of, scope)).set(text.slice(0, start) + textOf(by) + text.slice(end));
  return text.slice(start, end);
}
