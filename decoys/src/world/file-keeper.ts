import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { FileNode, KeptNode, WorldChange } from './node.ts';
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
      const file = await open(`${path}.new`, 'w', 0o600);
      await file.writev(piecesOf(all())).finally(() => file.close());
      await rename(`${path}.new`, path);
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
    const all = readFileSync(path);
    // Only this file writes it; a file that was cut by a crash of the machine is an empty world.
    const entries = deserialize(all) as (readonly [string, KeptNode | LargeFile | null])[];
    let at = all.length - entries.reduce((sum, [, node]) => sum + (node?.kind === 'large' ? node.length : 0), 0);
    return entries.map(([name, node]): WorldChange => {
      if (node?.kind !== 'large') return [name, node];
      const { length, ...entry } = node;
      at += length;
      return [name, { ...entry, kind: 'file', bytes: new Uint8Array(all.subarray(at - length, at)) }];
    });
  } catch {
    return [];
  }
}

/** Its bytes stand behind the entries, in their order, up to the end. */
type LargeFile = Omit<FileNode, 'kind' | 'bytes'> & { readonly kind: 'large'; readonly length: number };

const largeBytesMin = 64 * 1024;

/** Large files are written from where they are: to copy 8 MB of them first held all visitors up. */
function piecesOf(changes: readonly WorldChange[]): Uint8Array[] {
  const large: Uint8Array[] = [];
  const entries = changes.map(([path, node]): readonly [string, KeptNode | LargeFile | null] => {
    if (node?.kind !== 'file' || node.bytes.length < largeBytesMin) return [path, node];
    const { bytes, ...entry } = node;
    large.push(bytes);
    return [path, { ...entry, kind: 'large', length: bytes.length }];
  });
  return [serialize(entries), ...large];
}
