import type { Node } from './nodes.ts';
import { die, type Runtime } from './runtime.ts';
import { arrayIn, cellOf, declare, hashIn, type Scope } from './scope.ts';
import { Cell, isReference, numberOf, PerlArray, PerlHash, type Scalar, textOf } from './values.ts';

/** Where one value is kept. */
export interface Place {
  readonly get: () => Scalar;
  readonly set: (value: Scalar) => void;
}

const indexMax = 100_000;

/** Finds the containers and places that nodes name, and makes those that are not there yet. */
export function createPlaces(runtime: Runtime) {
  return { placeOf, arrayOf, hashOf, declareAll };

  async function arrayOf(node: Node, scope: Scope): Promise<PerlArray> {
    if (node.kind === 'array') return arrayIn(scope, ownName(node.name));
    if (node.kind === 'my') return await containerOf(node, scope, '@');
    if (node.kind !== 'deref') return new PerlArray(await runtime.list(node, scope));
    return await behind(node.of, scope, PerlArray, 'an ARRAY');
  }

  async function hashOf(node: Node, scope: Scope): Promise<PerlHash> {
    if (node.kind === 'hash') return hashIn(scope, ownName(node.name));
    if (node.kind === 'my') return await containerOf(node, scope, '%');
    if (node.kind !== 'deref') return die(runtime, 'Not a HASH reference');
    return await behind(node.of, scope, PerlHash, 'a HASH');
  }

  async function containerOf<S extends '@' | '%'>(node: Node & { kind: 'my' }, scope: Scope, sign: S) {
    await declareAll(node, scope);
    const found = sign === '@' ? await arrayOf(node.target, scope) : await hashOf(node.target, scope);
    // The sign says which of the two it is.
    return found as S extends '@' ? PerlArray : PerlHash;
  }

  /** What a reference leads to; an empty variable gets a container to lead to. */
  async function behind<T extends PerlArray | PerlHash>(
    of: Node,
    scope: Scope,
    type: new () => T,
    what: string,
  ): Promise<T> {
    const place = canHold(of) ? await placeOf(of, scope) : undefined;
    const value = place ? place.get() : await runtime.scalar(of, scope);
    if (value instanceof type) return value;
    if (value === undefined && place) {
      const made = new type();
      place.set(made);
      return made;
    }
    if (value === undefined) return new type();
    if (isReference(value)) return die(runtime, `Not ${what} reference`);
    return die(runtime, `Can't use string ("${textOf(value).slice(0, 32)}") as ${what} ref while "strict refs" in use`);
  }

  async function placeOf(node: Node, scope: Scope): Promise<Place> {
    switch (node.kind) {
      case 'scalar':
        return placeOfCell(cellOf(scope, node.name));
      case 'my':
        await declareAll(node, scope);
        return await placeOf(node.target, scope);
      case 'element':
        return placeInArray(await arrayOf(node.of, scope), numberOf(await runtime.scalar(node.at, scope)));
      case 'member':
        return placeInHash(await hashOf(node.of, scope), textOf(await runtime.scalar(node.at, scope)));
      case 'deref':
        return await placeBehind(node, scope);
      case 'choice':
        return await placeOf((await runtime.scalar(node.test, scope)) ? node.yes : node.no, scope);
      case 'list': {
        const [only] = node.items;
        if (only && node.items.length === 1) return await placeOf(only, scope);
        break;
      }
      case 'assign':
        await runtime.scalar(node, scope);
        return await placeOf(node.to.kind === 'my' ? node.to.target : node.to, scope);
    }
    const value = await runtime.scalar(node, scope);
    return { get: () => value, set: () => undefined };
  }

  async function placeBehind(node: Node & { kind: 'deref' }, scope: Scope): Promise<Place> {
    const value = await runtime.scalar(node.of, scope);
    if (value instanceof Cell) return placeOfCell(value);
    if (isReference(value)) return die(runtime, 'Not a SCALAR reference');
    return placeOfCell(cellOf(runtime.globals, textOf(value)));
  }

  function placeInArray(array: PerlArray, given: number): Place {
    const index = Math.trunc(given < 0 ? given + array.items.length : given);
    return {
      get: () => array.items[index],
      set: (value) => {
        if (index < 0 || index > indexMax) return die(runtime, 'Out of memory!');
        while (array.items.length < index) array.items.push(undefined);
        array.items[index] = value;
      },
    };
  }

  /** Makes what `my` and `local` name, in the scope that they stand in. */
  async function declareAll({ how, target }: Node & { kind: 'my' }, scope: Scope): Promise<void> {
    for (const each of target.kind === 'list' ? target.items : [target]) {
      if (how === 'local') await putAside(each, scope);
      else if (how === 'my' && each.kind === 'scalar') declare(scope, `$${each.name}`, new Cell());
      else if (how === 'my' && each.kind === 'array') declare(scope, `@${each.name}`, new PerlArray());
      else if (how === 'my' && each.kind === 'hash') declare(scope, `%${each.name}`, new PerlHash());
    }
  }

  async function putAside(node: Node, scope: Scope): Promise<void> {
    if (node.kind === 'glob') return;
    if (node.kind === 'array') {
      const array = await arrayOf(node, scope);
      const { items } = array;
      array.items = [];
      scope.aside.push(() => {
        array.items = items;
      });
      return;
    }
    if (node.kind === 'hash') return;
    const place = await placeOf(node, scope);
    const old = place.get();
    scope.aside.push(() => place.set(old));
    place.set(undefined);
  }

  function ownName(name: string): string {
    return name === 'ISA' || name === 'EXPORT' ? `${runtime.package}::${name}` : name;
  }
}

export type Places = ReturnType<typeof createPlaces>;

function canHold({ kind }: Node): boolean {
  return kind === 'scalar' || kind === 'element' || kind === 'member' || kind === 'my';
}

function placeOfCell(cell: Cell): Place {
  return {
    get: () => cell.value,
    set: (value) => {
      cell.value = value;
    },
  };
}

function placeInHash(hash: PerlHash, key: string): Place {
  return {
    get: () => hash.items.get(key),
    set: (value) => {
      hash.items.set(key, value);
    },
  };
}
