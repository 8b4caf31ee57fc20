import { raise } from '../faults.ts';
import type { Modules } from '../modules.ts';
import { itemsOf, numberOf } from '../operators.ts';
import { builtIns } from '../runtime.ts';
import { PyClass, PyInstance, PyList, PyTuple, type Run, type Value } from '../values.ts';

export const timeModules: Modules = {
  time: (runtime) =>
    builtIns({
      time: () => runtime.call.machine.now() / 1000,
      monotonic: () => runtime.call.machine.now() / 1000,
      perf_counter: () => runtime.call.machine.now() / 1000,
      sleep: async ([seconds]) => {
        await runtime.run(`sleep ${Math.min(Math.max(Number(numberOf(seconds ?? null) ?? 0), 0), 3600)}`);
        return null;
      },
      strftime: ([form, at]) =>
        strftime(String(form), at === undefined ? new Date(runtime.call.machine.now()) : dateOf(at)),
      gmtime: ([at]) => structOf(at === undefined ? runtime.call.machine.now() : Number(at) * 1000),
      localtime: ([at]) => structOf(at === undefined ? runtime.call.machine.now() : Number(at) * 1000),
      ctime: ([at]) =>
        strftime('%a %b %e %H:%M:%S %Y', new Date(at === undefined ? runtime.call.machine.now() : Number(at) * 1000)),
    }),
  datetime: (runtime) => [
    [
      'datetime',
      new PyClass(
        'datetime',
        [],
        new Map(
          builtIns({
            now: () => datetime(runtime.call.machine.now()),
            utcnow: () => datetime(runtime.call.machine.now()),
            fromtimestamp: ([at]) => datetime(Number(at) * 1000),
          }),
        ),
        () => null,
      ),
    ],
  ],
  random: () => builtIns(chances()),
  string: () => [
    ['ascii_lowercase', lower],
    ['ascii_uppercase', lower.toUpperCase()],
    ['ascii_letters', lower + lower.toUpperCase()],
    ['digits', '0123456789'],
    ['hexdigits', '0123456789abcdefABCDEF'],
    ['punctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
    ['whitespace', ' \t\n\r\x0b\x0c'],
  ],
  math: () => [
    ['pi', Math.PI],
    ['e', Math.E],
    ['inf', Infinity],
    ...builtIns({
      floor: ([value]) => BigInt(Math.floor(Number(value))),
      ceil: ([value]) => BigInt(Math.ceil(Number(value))),
      ...Object.fromEntries(
        (['sqrt', 'log2', 'log10', 'sin', 'cos', 'exp'] as const).map((name): [string, Run] => [
          name,
          ([value]) => Math[name](Number(value)),
        ]),
      ),
      log: ([value, base]) =>
        base === undefined ? Math.log(Number(value)) : Math.log(Number(value)) / Math.log(Number(base)),
      pow: ([a, b]) => Number(a) ** Number(b),
      gcd: ([a, b]) => BigInt(gcd(Math.abs(Number(a)), Math.abs(Number(b)))),
    }),
  ],
};

const lower = 'abcdefghijklmnopqrstuvwxyz';

function gcd(a: number, b: number): number {
  return b === 0 || !Number.isFinite(a + b) ? a : gcd(b, a % b);
}

function structOf(ms: number): PyInstance {
  const date = new Date(ms);
  const parts = {
    tm_year: date.getUTCFullYear(),
    tm_mon: date.getUTCMonth() + 1,
    tm_mday: date.getUTCDate(),
    tm_hour: date.getUTCHours(),
    tm_min: date.getUTCMinutes(),
    tm_sec: date.getUTCSeconds(),
  };
  const values = Object.values(parts).map(BigInt);
  return new PyInstance(
    new PyClass('time.struct_time', [], new Map(), () => null),
    new Map<string, Value>([
      ['\0ms', ms],
      ['\0groups', new PyTuple(values)],
      ...Object.keys(parts).map((name, at): [string, Value] => [name, values[at] ?? null]),
    ]),
  );
}

function dateOf(value: Value): Date {
  return new Date(Number(value instanceof PyInstance ? (value.members.get('\0ms') ?? 0) : 0));
}

function datetime(ms: number): PyInstance {
  const date = new Date(ms);
  const text = date.toISOString().replace('T', ' ').replace('Z', '000');
  return new PyInstance(
    new PyClass('datetime', [], new Map(builtIns({ __str__: () => text })), () => null),
    new Map<string, Value>([
      ['year', BigInt(date.getUTCFullYear())],
      ...builtIns({
        strftime: ([form]) => strftime(String(form), date),
        isoformat: () => text.replace(' ', 'T'),
        timestamp: () => ms / 1000,
      }),
    ]),
  );
}

function strftime(form: string, date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [day = '', month = ''] = date
    .toUTCString()
    .replace(',', '')
    .split(' ')
    .filter((_, at) => at === 0 || at === 2);
  const known: Readonly<Record<string, string>> = {
    ...{
      Y: String(date.getUTCFullYear()),
      m: two(date.getUTCMonth() + 1),
      d: two(date.getUTCDate()),
      H: two(date.getUTCHours()),
    },
    ...{
      M: two(date.getUTCMinutes()),
      S: two(date.getUTCSeconds()),
      y: two(date.getUTCFullYear() % 100),
      a: day,
      b: month,
    },
    ...{
      e: String(date.getUTCDate()).padStart(2),
      s: String(Math.floor(date.getTime() / 1000)),
      Z: 'UTC',
      '%': '%',
      f: '000000',
    },
    ...{ F: date.toISOString().slice(0, 10), T: date.toISOString().slice(11, 19) },
  };
  return form.replace(/%(.)/g, (whole, letter: string) =>
    Object.hasOwn(known, letter) ? (known[letter] ?? whole) : whole,
  );
}

function chances(): Readonly<Record<string, Run>> {
  const below = (limit: number) => Math.floor(Math.random() * limit);
  const one = (items: readonly Value[]): Value =>
    items[below(items.length)] ?? raise('IndexError', 'Cannot choose from an empty sequence');
  return {
    random: () => Math.random(),
    randint: ([from, to]) => BigInt(Number(from) + below(Number(to) - Number(from) + 1)),
    randrange: ([from, to]) =>
      BigInt(to === undefined ? below(Number(from)) : Number(from) + below(Number(to) - Number(from))),
    uniform: ([from, to]) => Number(from) + Math.random() * (Number(to) - Number(from)),
    choice: ([items = null]) => one(itemsOf(items)),
    choices: ([items = null], named) =>
      new PyList(Array.from({ length: Math.min(Number(named.get('k') ?? 1), 10_000) }, () => one(itemsOf(items)))),
    sample: ([items = null, count]) =>
      new PyList([...itemsOf(items)].sort(() => Math.random() - 0.5).slice(0, Number(count))),
    shuffle([items]) {
      if (items instanceof PyList) items.items.sort(() => Math.random() - 0.5);
      return null;
    },
    getrandbits: ([bits]) => BigInt(below(2 ** Math.min(Number(bits), 52))),
    seed: () => null,
  };
}
