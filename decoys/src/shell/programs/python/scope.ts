import type { Value } from './values.ts';

/** Names, in a function those around it too. */
export interface Scope {
  readonly names: Map<string, Value>;
  readonly outer: Scope | undefined;
  /** Those that `global` and `nonlocal` give to the scopes around. */
  readonly foreign: Set<string>;
  /** The names of a class's body are not seen from its functions. */
  readonly isClass: boolean;
  /** What a generator gave so far. */
  readonly given?: Value[];
}

export function createScope(outer?: Scope, isClass = false, given?: Value[]): Scope {
  return { names: new Map(), outer, foreign: new Set(), isClass, ...(given ? { given } : {}) };
}

/** By Python's rule: its own names, then those of the functions around it; names of a class are only seen in the class. */
export function lookUp(scope: Scope, name: string): Value | undefined {
  const own = scope.names.get(name);
  if (own !== undefined) return own;
  for (let outer = scope.outer; outer; outer = outer.outer) {
    if (outer.isClass) continue;
    const value = outer.names.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

export function assign(scope: Scope, name: string, value: Value): void {
  if (!scope.foreign.has(name)) {
    scope.names.set(name, value);
    return;
  }
  let holder = scope.outer ?? scope;
  for (let outer: Scope | undefined = holder; outer; outer = outer.outer) {
    holder = outer;
    if (outer.names.has(name)) break;
  }
  holder.names.set(name, value);
}
