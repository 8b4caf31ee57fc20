import type { Definition, Expression, Parameter } from './nodes.ts';
import type { Scope } from './scope.ts';

/** What a program of Python handles. Whole numbers are bigints; text is text; the rest says what it is. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | PyBytes
  | PyList
  | PyTuple
  | PyDict
  | PySet
  | PyRange
  | PyIterator
  | PyFunction
  | PyBuiltIn
  | PyClass
  | PyInstance
  | PyModule
  | PyOpaque;

export type Named = ReadonlyMap<string, Value>;
export type Run = (args: readonly Value[], named: Named) => Value | Promise<Value>;

export class PyBytes {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

export class PyList {
  readonly items: Value[];
  constructor(items: Value[]) {
    this.items = items;
  }
}

export class PyTuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** Keys that are equal have the same name (`keyOf`); a set is one without values. */
export class PyDict {
  readonly entries = new Map<string, readonly [Value, Value]>();
  /** What `defaultdict` makes of a key that is not there. */
  readonly missing: Value | undefined;
  constructor(missing?: Value) {
    this.missing = missing;
  }
}

export class PySet {
  readonly entries = new Map<string, Value>();
}

export class PyRange {
  readonly from: bigint;
  readonly to: bigint;
  readonly step: bigint;
  constructor(from: bigint, to: bigint, step: bigint) {
    this.from = from;
    this.to = to;
    this.step = step;
  }
}

/** Whatever is gone through once: a generator, `map`, `zip`, a file's lines. It is made whole when it is made. */
export class PyIterator {
  readonly items: readonly Value[];
  readonly name: string;
  at = 0;
  constructor(items: readonly Value[], name = 'generator') {
    this.items = items;
    this.name = name;
  }
}

export class PyFunction {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly defaults: Named;
  readonly body: Definition | Expression;
  readonly scope: Scope;
  constructor(made: {
    name: string;
    parameters: readonly Parameter[];
    defaults: Named;
    body: Definition | Expression;
    scope: Scope;
  }) {
    this.name = made.name;
    this.parameters = made.parameters;
    this.defaults = made.defaults;
    this.body = made.body;
    this.scope = made.scope;
  }
}

export class PyBuiltIn {
  readonly name: string;
  readonly run: Run;
  constructor(name: string, run: Run) {
    this.name = name;
    this.run = run;
  }
}

export class PyClass {
  readonly name: string;
  readonly bases: readonly PyClass[];
  readonly members: Map<string, Value>;
  /** Makes a value of a type that is built in. */
  readonly make: Run | undefined;
  constructor(name: string, bases: readonly PyClass[] = [], members = new Map<string, Value>(), make?: Run) {
    this.name = name;
    this.bases = bases;
    this.members = members;
    this.make = make;
  }
}

export class PyInstance {
  readonly type: PyClass;
  readonly members: Map<string, Value>;
  constructor(type: PyClass, members: ReadonlyMap<string, Value> = new Map()) {
    this.type = type;
    this.members = new Map(members);
  }
}

export class PyModule {
  readonly name: string;
  readonly members: Map<string, Value>;
  constructor(name: string, members: Map<string, Value>) {
    this.name = name;
    this.members = members;
  }
}

/** What is known by name only: whatever is done with it gives another, and does no harm. */
export class PyOpaque {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Where a member is found along the classes that a class is made of. */
export function findMember(type: PyClass, name: string): Value | undefined {
  const own = type.members.get(name);
  if (own !== undefined) return own;
  for (const base of type.bases) {
    const found = findMember(base, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isSubclass(type: PyClass, of: PyClass): boolean {
  return type === of || type.bases.some((base) => isSubclass(base, of));
}

/** What `type(value).__name__` says. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'string':
      return 'str';
    default:
  }
  if (value instanceof PyInstance) return value.type.name;
  if (value instanceof PyIterator) return value.name;
  const [, name] = kinds.find(([kind]) => value instanceof kind) ?? [];
  return name ?? 'object';
}

const kinds = [
  ...([
    [PyBytes, 'bytes'],
    [PyList, 'list'],
    [PyTuple, 'tuple'],
    [PyDict, 'dict'],
    [PySet, 'set'],
  ] as const),
  ...([
    [PyRange, 'range'],
    [PyFunction, 'function'],
    [PyBuiltIn, 'builtin_function_or_method'],
  ] as const),
  ...([
    [PyClass, 'type'],
    [PyModule, 'module'],
  ] as const),
] as const;

/** `bool(value)`, but for what a class of the program's makes of it. */
export function isTrue(value: Value): boolean {
  if (value === null || value === false || value === 0n || value === 0 || value === '') return false;
  if (value instanceof PyBytes) return value.bytes.length > 0;
  if (value instanceof PyList || value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyDict || value instanceof PySet) return value.entries.size > 0;
  if (value instanceof PyRange) return rangeLength(value) > 0;
  return true;
}

export function rangeLength({ from, to, step }: PyRange): number {
  const span = step > 0n ? to - from : from - to;
  const size = step > 0n ? step : -step;
  return span <= 0n ? 0 : Number((span + size - 1n) / size);
}
