import type { WorldNames } from '@cerberusmesh/contract/decoy-world';
import type { WorldChange } from './node.ts';

export interface KeptWorld {
  readonly world: string;
  readonly changes: readonly WorldChange[];
}

/** Where worlds outlast the decoy's process: the engine's database, or files where there is no engine. */
export interface WorldKeeper {
  /** The world that one of these names leads to, in the order address, keys, secret; null where there is none. */
  readonly find: (names: WorldNames) => Promise<KeptWorld | null>;
  /** Keeps what changed since the last time. `all` is the whole layer. @returns whether it is kept. */
  readonly keep: (what: {
    readonly world: string;
    readonly names: Omit<WorldNames, 'secret'>;
    readonly changes: readonly WorldChange[];
    readonly all: () => readonly WorldChange[];
  }) => Promise<boolean>;
  /** Forgets what nobody entered for too long. */
  readonly expire: () => void;
}
