import type { ScriptNode, TransformContext } from 'just-bash';
import type { Machine } from './program.ts';
import { accountsIn } from './programs/world-accounts.ts';
import { isPlain } from './syntax-tree.ts';

/** `~daemon` as the home of that account: the interpreter knows the visitor's own and root's. */
export function mendTildes(machine: Machine) {
  return {
    name: 'mend-tildes',
    transform: ({ ast }: TransformContext): { ast: ScriptNode } => {
      mendAll(ast);
      return { ast };
    },
  };

  function mendAll(node: unknown): void {
    if (Array.isArray(node)) {
      for (const each of node) mendAll(each);
      return;
    }
    if (!isPlain(node)) return;
    if (node['type'] === 'TildeExpansion' && typeof node['user'] === 'string') {
      const home = accountsIn(machine).find(({ name }) => name === node['user'])?.home;
      if (home !== undefined) Object.assign(node, { type: 'Literal', value: home });
      return;
    }
    for (const each of Object.values(node)) if (typeof each === 'object') mendAll(each);
  }
}
