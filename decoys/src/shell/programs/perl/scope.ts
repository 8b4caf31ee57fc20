import { Cell, PerlArray, PerlHash } from './values.ts';

type Container = Cell | PerlArray | PerlHash;

/** The variables of a block. A name begins with its sign: `$x`, `@x` and `%x` are three. */
export interface Scope {
  readonly names: Map<string, Container>;
  readonly parent: Scope | undefined;
  /** What `local` put aside, to be put back when the block is left. */
  readonly aside: (() => void)[];
}

export function createScope(parent?: Scope): Scope {
  return { names: new Map(), parent, aside: [] };
}

export function leaveScope({ aside }: Scope): void {
  for (const putBack of aside.splice(0).reverse()) putBack();
}

export function cellOf(scope: Scope, name: string): Cell {
  const known = find(scope, `$${name}`);
  return known instanceof Cell ? known : declare(outermost(scope), `$${name}`, new Cell());
}

export function arrayIn(scope: Scope, name: string): PerlArray {
  const known = find(scope, `@${name}`);
  return known instanceof PerlArray ? known : declare(outermost(scope), `@${name}`, new PerlArray());
}

export function hashIn(scope: Scope, name: string): PerlHash {
  const known = find(scope, `%${name}`);
  return known instanceof PerlHash ? known : declare(outermost(scope), `%${name}`, new PerlHash());
}

export function declare<T extends Container>(scope: Scope, name: string, container: T): T {
  scope.names.set(name, container);
  return container;
}

function find(scope: Scope, name: string): Container | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const known = at.names.get(name);
    if (known !== undefined) return known;
  }
  return undefined;
}

function outermost(scope: Scope): Scope {
  let at = scope;
  while (at.parent) at = at.parent;
  return at;
}
