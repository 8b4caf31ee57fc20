import { createHash } from 'node:crypto';
import type { WorldNames } from '@cerberusmesh/contract/decoy-world';
import type { Image } from './image.ts';
import { createLayer, type Layer } from './layer.ts';
import type { WorldChange } from './node.ts';
import { createWorld, type World } from './world.ts';
import type { KeptWorld, WorldKeeper } from './world-keeper.ts';

export interface WorldStoreOptions {
  readonly keeper: WorldKeeper;
  readonly image: Image;
  readonly now: () => number;
  readonly bytesMax: number;
  /** Told of changes that were made here, so that a shell that is open sees them. */
  readonly changed: (key: string, changes: readonly WorldChange[]) => void;
  /** Nobody is in it any more. */
  readonly left: (key: string) => void;
}

/** A world that somebody is in; whoever got it gives it back by `leave`, once. */
export interface EnteredWorld {
  readonly key: string;
  readonly world: World;
}

interface OpenWorld extends EnteredWorld {
  readonly layer: Layer;
  /** Not yet kept, by path. */
  pending: Map<string, WorldChange>;
  readonly addresses: Set<string>;
  readonly keys: Set<string>;
  hasNewNames: boolean;
  saving: Promise<void>;
  sessions: number;
}

export type WorldStore = ReturnType<typeof createWorldStore>;

/**
 * The worlds of all attackers. A world is read when its attacker comes, and kept seconds after a change and when he
 * leaves. All his sessions, by whatever protocol and from whatever address he is known by, are in the same one.
 */
export function createWorldStore({ keeper, image, now, bytesMax, changed, left }: WorldStoreOptions) {
  const open = new Map<string, OpenWorld>();
  const keyOfAddress = new Map<string, string>();
  const opening = new Map<string, Promise<OpenWorld>>();

  return {
    ...{ enter, enterByKey, reenter, leave, changesOf, merge, put, flush },
    expire: keeper.expire,
    keys: () => [...open.keys()],
  };

  /** The world of whoever comes from `address`: his, or else the one that a key or a secret leads to, or else a new one. */
  async function enter(address: string, keys: readonly string[] = [], secret: string | null = null) {
    const known = open.get(keyOfAddress.get(address) ?? '');
    if (known) return hold(known, address, keys);
    // Two logins at the same moment must not open it twice.
    const under = opening.get(address) ?? find({ address, keys: [...keys], secret }, address);
    opening.set(address, under);
    try {
      return hold(await under, address, keys);
    } finally {
      opening.delete(address);
    }
  }

  /** The world in which this public key was left, for who comes with it from a new address; undefined where there is none. */
  async function enterByKey(key: string, address: string): Promise<EnteredWorld | undefined> {
    const known = [...open.values()].find(({ keys }) => keys.has(key));
    if (known) return hold(known, address, []);
    const found = await keeper.find({ address: null, keys: [key], secret: null }).catch(() => null);
    return found === null ? undefined : hold(open.get(found.world) ?? load(found), address, [key]);
  }

  /** A world that is open. */
  function reenter(key: string): EnteredWorld | undefined {
    const known = open.get(key);
    if (known) known.sessions++;
    return known;
  }

  async function find(names: WorldNames, address: string): Promise<OpenWorld> {
    const found = (await keeper.find(names).catch(() => null)) ?? { world: address, changes: [] };
    return open.get(found.world) ?? load(found);
  }

  function hold(known: OpenWorld, address: string, keys: readonly string[]): EnteredWorld {
    known.sessions++;
    open.set(known.key, known);
    if (!keyOfAddress.has(address)) keyOfAddress.set(address, known.key);
    for (const [name, names] of [
      [address, known.addresses] as const,
      ...keys.map((key) => [key, known.keys] as const),
    ]) {
      if (names.has(name) || names.size >= keysMax) continue;
      names.add(name);
      known.hasNewNames = true;
    }
    return known;
  }

  function leave(key: string): void {
    const known = open.get(key);
    if (!known || --known.sessions > 0) return;
    void save(known).then(() => closeUnused(known));
  }

  /** What could not be kept stays and is tried again, so long as there is not too much of it. */
  function closeUnused(known: OpenWorld): void {
    const { key, sessions, pending, addresses } = known;
    if (sessions > 0 || open.get(key) !== known || (pending.size > 0 && open.size < unkeptMax)) return;
    open.delete(key);
    for (const address of addresses) if (keyOfAddress.get(address) === key) keyOfAddress.delete(address);
    left(key);
  }

  function changesOf(key: string): readonly WorldChange[] {
    return open.get(key)?.layer.changes() ?? [];
  }

  /** What a shell changed. */
  function merge(key: string, changes: readonly WorldChange[]): void {
    const known = open.get(key);
    if (!known) return;
    for (const change of changes) {
      known.layer.set(...change);
      note(known, change);
    }
  }

  /** Puts something into a world that is open, and tells the shells in it. @returns whether it is open */
  function put(key: string, changes: readonly WorldChange[]): boolean {
    const known = open.get(key);
    if (!known) return false;
    for (const [path, node] of changes) known.world.put(path, node);
    return true;
  }

  async function flush(): Promise<void> {
    await Promise.all([...open.values()].map((known) => save(known).then(() => closeUnused(known))));
  }

  function load({ world: key, changes }: KeptWorld): OpenWorld {
    const layer = createLayer(changes);
    const known: OpenWorld = {
      key,
      layer,
      pending: new Map(),
      addresses: new Set(),
      keys: new Set(),
      hasNewNames: false,
      saving: Promise.resolve(),
      sessions: 0,
      world: createWorld({
        image,
        layer,
        now,
        bytesMax,
        changed(path, node) {
          note(known, [path, node]);
          changed(key, [[path, node]]);
        },
      }),
    };
    return known;
  }

  function note(known: OpenWorld, change: WorldChange): void {
    const [path, node] = change;
    known.pending.set(path, change);
    if (!path.endsWith('/.ssh/authorized_keys') || node?.kind !== 'file') return;
    for (const key of keysIn(Buffer.from(node.bytes).toString('latin1'))) {
      if (known.keys.size >= keysMax || known.keys.has(key)) continue;
      known.keys.add(key);
      known.hasNewNames = true;
    }
  }

  /** One at a time for a world. */
  function save(known: OpenWorld): Promise<void> {
    known.saving = known.saving.then(() => saveNow(known));
    return known.saving;
  }

  /** What could not be kept is tried again with the next flush. */
  async function saveNow(known: OpenWorld): Promise<void> {
    if (known.pending.size === 0 && !(known.hasNewNames && known.layer.bytes() > 0)) return;
    const { pending } = known;
    known.pending = new Map();
    known.hasNewNames = false;
    const isKept = await keepAll(known, [...pending.values()]).catch(() => false);
    if (isKept) return;
    for (const [path, change] of pending) if (!known.pending.has(path)) known.pending.set(path, change);
    known.hasNewNames = true;
  }

  async function keepAll(
    { key, addresses, keys, layer }: OpenWorld,
    changes: readonly WorldChange[],
  ): Promise<boolean> {
    const [first = null, ...others] = addresses;
    const isKept = await keeper.keep({
      world: key,
      names: { address: first, keys: [...keys] },
      changes,
      all: layer.changes,
    });
    for (const address of others)
      await keeper.keep({ world: key, names: { address, keys: [] }, changes: [], all: layer.changes });
    return isKept;
  }
}

const keysMax = 50;
/** Worlds that are open though nobody is in them, because they could not be kept. */
const unkeptMax = 300;

/** The public keys in an authorized_keys file, as their hashes. */
function keysIn(text: string): string[] {
  return text
    .split('\n')
    .slice(0, keysMax)
    .flatMap((line) => {
      const key = line.split(/\s+/).find((word) => word.startsWith('AAAA'));
      return key === undefined ? [] : [keyName(Buffer.from(key, 'base64'))];
    });
}

/** The name of a public key: the SHA-256 of its blob. */
export function keyName(blob: Uint8Array): string {
  return createHash('sha256').update(blob).digest('hex');
}
