import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { WorldChange } from './node.ts';
import type { WorldKeeper } from './world-keeper.ts';

export interface FileKeeperOptions {
  readonly folder: string;
  readonly now: () => number;
  /** A world that nobody entered for so long is forgotten. */
  readonly keptMs: number;
}

/** Worlds as files in the decoy's state folder, one for each address, written beside and renamed. Keys and lures find nothing here. */
export function createFileKeeper({ folder, now, keptMs }: FileKeeperOptions): WorldKeeper {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    async find({ address }) {
      const changes = address === null ? [] : readChanges(fileOf(address));
      return address === null || changes.length === 0 ? null : { world: address, changes };
    },
    async keep({ world, all }) {
      const path = fileOf(world);
      writeFileSync(`${path}.new`, serialize(all()), { mode: 0o600 });
      renameSync(`${path}.new`, path);
      return true;
    },
    expire() {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (now() - statSync(path).mtimeMs > keptMs) rmSync(path, { force: true });
      }
    },
  };

  /** A world's name may be anything; its hash is a file's name. */
  function fileOf(world: string): string {
    return join(folder, createHash('sha256').update(world).digest('hex').slice(0, 32));
  }
}

function readChanges(path: string): WorldChange[] {
  if (!statSync(path, { throwIfNoEntry: false })) return [];
  try {
    // Only this file writes it; a file that was cut by a crash of the machine is an empty world.
    return deserialize(readFileSync(path)) as WorldChange[];
  } catch {
    return [];
  }
}
