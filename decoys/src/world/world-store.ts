import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Image } from './image.ts';
import { createLayer, type Layer } from './layer.ts';
import type { WorldChange } from './node.ts';
import { createWorld, type World } from './world.ts';

export interface WorldStoreOptions {
  readonly folder: string;
  readonly image: Image;
  readonly now: () => number;
  readonly bytesMax: number;
  /** A world that nobody entered for so long is forgotten. */
  readonly keptMs: number;
  /** Told of changes that were made here, so that a shell that is open sees them. */
  readonly changed: (key: string, changes: readonly WorldChange[]) => void;
}

interface OpenWorld {
  readonly world: World;
  readonly layer: Layer;
  isDirty: boolean;
  sessions: number;
}

export type WorldStore = ReturnType<typeof createWorldStore>;

/**
 * The worlds of all attackers. A world is read when its attacker comes, and written some seconds after a change and
 * when he leaves: a file a world in the decoy's state folder, written beside and renamed.
 */
export function createWorldStore({ folder, image, now, bytesMax, keptMs, changed }: WorldStoreOptions) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const open = new Map<string, OpenWorld>();

  return { enter, leave, changesOf, merge, put, flush, expire, keys: () => [...open.keys()] };

  function enter(key: string): World {
    const known = open.get(key) ?? load(key);
    known.sessions++;
    open.set(key, known);
    return known.world;
  }

  function leave(key: string): void {
    const known = open.get(key);
    if (!known || --known.sessions > 0) return;
    save(key, known);
    open.delete(key);
  }

  function changesOf(key: string): readonly WorldChange[] {
    return open.get(key)?.layer.changes() ?? [];
  }

  /** What a shell changed. */
  function merge(key: string, changes: readonly WorldChange[]): void {
    const known = open.get(key);
    if (!known) return;
    for (const [path, node] of changes) known.layer.set(path, node);
    known.isDirty = true;
  }

  /** Puts something into a world that is open, and tells the shells in it. @returns whether it is open */
  function put(key: string, changes: readonly WorldChange[]): boolean {
    const known = open.get(key);
    if (!known) return false;
    for (const [path, node] of changes) known.world.put(path, node);
    return true;
  }

  function flush(): void {
    for (const [key, known] of open) save(key, known);
  }

  function expire(): void {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const { mtimeMs } = statSync(path);
      if (now() - mtimeMs > keptMs) rmSync(path, { force: true });
    }
  }

  function load(key: string): OpenWorld {
    const layer = createLayer(readChanges(fileOf(key)));
    const known: OpenWorld = {
      layer,
      isDirty: false,
      sessions: 0,
      world: createWorld({
        image,
        layer,
        now,
        bytesMax,
        changed(path, node) {
          known.isDirty = true;
          changed(key, [[path, node]]);
        },
      }),
    };
    return known;
  }

  function save(key: string, known: OpenWorld): void {
    if (!known.isDirty) return;
    known.isDirty = false;
    const path = fileOf(key);
    writeFileSync(`${path}.new`, serialize(known.layer.changes()), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  /** An attacker's key may be anything; its hash is a name. */
  function fileOf(key: string): string {
    return join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32));
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
