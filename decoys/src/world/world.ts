import { WorldFault } from './faults.ts';
import { createImage, type Image } from './image.ts';
import type { Layer } from './layer.ts';
import { bytesOf, type KeptNode, shareBytes, type WorldNode } from './node.ts';
import { childPath, nameOf, parentOf, resolvePath } from './paths.ts';

/** Who acts. 0 may do anything. */
export interface Actor {
  uid: number;
  gid: number;
}

export interface WorldOptions {
  readonly image: Image;
  readonly layer: Layer;
  readonly now: () => number;
  /** The most a layer may hold; a write beyond it fails as on a full disk. */
  readonly bytesMax: number;
  /** Told of every change, after it was made. */
  readonly changed?: (path: string, node: KeptNode | null) => void;
}

/** Nodes by their paths. */
export type Entries = Iterable<readonly [path: string, node: WorldNode]>;
export type World = ReturnType<typeof createWorld>;

const linksMax = 20;

/**
 * One attacker's file system: an image with his layer over it. All of it is memory; nothing here knows of a real disk.
 * Functions take absolute paths and throw WorldFault.
 */
export function createWorld({ image, layer, now, bytesMax, changed }: WorldOptions) {
  let shown: Image | undefined;
  let makeShown: (() => Entries) | undefined;

  return {
    find,
    get,
    lookAt,
    realPath,
    list,
    read: (path: string, actor: Actor) => bytesOf(open(path, actor)),
    write,
    makeFolder,
    makeLink,
    remove,
    move,
    change,
    mayReach,
    mayWrite,
    put,
    show,
    paths,
    bytes: layer.bytes,
  };

  /** The entry itself, without following a link at its end. */
  function lookAt(path: string): WorldNode | undefined {
    const place = path === '/' ? '/' : childPath(tryRealPath(parentOf(path)) ?? '\0', nameOf(path));
    return at(place);
  }

  function find(path: string): WorldNode | undefined {
    const place = tryRealPath(path);
    return place === undefined ? undefined : at(place);
  }

  function get(path: string): WorldNode {
    const node = find(path);
    if (!node) throw new WorldFault('ENOENT', path);
    return node;
  }

  function realPath(path: string): string {
    const place = tryRealPath(path);
    if (place === undefined || !at(place)) throw new WorldFault('ENOENT', path);
    return place;
  }

  function tryRealPath(path: string, depth = 0): string | undefined {
    let place = '/';
    for (const name of path.split('/')) {
      if (name === '') continue;
      place = childPath(place, name);
      const node = at(place);
      if (node?.kind !== 'link') continue;
      if (depth > linksMax) throw new WorldFault('ELOOP', path);
      const followed = tryRealPath(resolvePath(parentOf(place), node.target), depth + 1);
      if (followed === undefined) return undefined;
      place = followed;
    }
    return place;
  }

  function at(place: string): WorldNode | undefined {
    const own = layer.find(place);
    return own === undefined ? (momentAt(place)?.find(place) ?? image.find(place)) : (own ?? undefined);
  }

  /** Names in a folder, sorted as `ls` in the C locale does not: by the reader. */
  function list(path: string, actor: Actor): string[] {
    const node = get(path);
    if (node.kind !== 'folder') throw new WorldFault('ENOTDIR', path);
    const place = realPath(path);
    if (!mayReach(place, actor) || !allows(node, actor, 4)) throw new WorldFault('EACCES', path);
    const names = new Set(image.childrenOf(place));
    for (const name of momentAt(`${place}/`)?.childrenOf(place) ?? []) names.add(name);
    for (const name of layer.namesIn(place)) names.add(name);
    return [...names].filter((name) => at(childPath(place, name)) !== undefined);
  }

  function open(path: string, actor: Actor): WorldNode {
    const node = get(path);
    if (node.kind === 'folder') throw new WorldFault('EISDIR', path);
    if (!mayReach(realPath(path), actor) || !allows(node, actor, 4)) throw new WorldFault('EACCES', path);
    return node;
  }

  function write(path: string, bytes: Uint8Array, actor: Actor, mode = 0o644): void {
    const old = find(path);
    if (old?.kind === 'folder') throw new WorldFault('EISDIR', path);
    if (old?.kind === 'device') return;
    const place = old ? realPath(path) : newPlace(path, actor);
    if (old && !(mayReach(place, actor) && allows(old, actor, 2))) throw new WorldFault('EACCES', path);
    const owner = old ?? { mode, uid: actor.uid, gid: actor.gid };
    keep(place, {
      kind: 'file',
      mode: owner.mode,
      uid: owner.uid,
      gid: owner.gid,
      mtimeMs: now(),
      bytes: shareBytes(bytes),
    });
  }

  function makeFolder(path: string, actor: Actor, mode = 0o755): void {
    if (lookAt(path)) throw new WorldFault('EEXIST', path);
    keep(newPlace(path, actor), { kind: 'folder', mode, uid: actor.uid, gid: actor.gid, mtimeMs: now() });
  }

  function makeLink(path: string, target: string, actor: Actor): void {
    if (lookAt(path)) throw new WorldFault('EEXIST', path);
    keep(newPlace(path, actor), { kind: 'link', mode: 0o777, uid: actor.uid, gid: actor.gid, mtimeMs: now(), target });
  }

  /** Removes an entry; a folder only where it is empty. */
  function remove(path: string, actor: Actor): void {
    const node = lookAt(path);
    if (!node) throw new WorldFault('ENOENT', path);
    const place = newPlace(path, actor);
    if (node.kind === 'folder' && list(path, { uid: 0, gid: 0 }).length > 0) throw new WorldFault('ENOTEMPTY', path);
    gone(place);
  }

  function move(from: string, to: string, actor: Actor): void {
    const node = lookAt(from);
    if (!node) throw new WorldFault('ENOENT', from);
    const source = newPlace(from, actor);
    const target = newPlace(to, actor);
    if (source === target) return;
    if (target.startsWith(`${source}/`)) throw new WorldFault('EPERM', to);
    keep(target, asKept(node));
    if (node.kind === 'folder') {
      const root = { uid: 0, gid: 0 };
      for (const name of list(from, root)) move(childPath(from, name), childPath(to, name), root);
    }
    gone(source);
  }

  /** Changes mode, owner or time of what a path leads to. */
  function change(
    path: string,
    actor: Actor,
    what: Partial<Pick<WorldNode, 'mode' | 'uid' | 'gid' | 'mtimeMs'>>,
  ): void {
    const node = get(path);
    if (actor.uid !== 0 && (actor.uid !== node.uid || what.uid !== undefined)) throw new WorldFault('EPERM', path);
    if (node.kind === 'device') return;
    keep(realPath(path), { ...asKept(node), ...what });
  }

  /** Puts a node in place, whoever owns what: for traps and for what the system itself writes. */
  function put(path: string, node: KeptNode | null): void {
    if (node !== null) {
      const parent = parentOf(path);
      if (parent !== path && !at(parent))
        put(parent, { kind: 'folder', mode: 0o755, uid: node.uid, gid: node.gid, mtimeMs: node.mtimeMs });
    }
    layer.set(path, node);
    changed?.(path, node);
  }

  /**
   * What the system shows of the moment, such as who is logged in: in nobody's layer, and gone with the next call. Made when somebody
   * looks there, which few lines do.
   */
  function show(make: () => Entries): void {
    shown = undefined;
    makeShown = make;
  }

  function momentAt(place: string): Image | undefined {
    if (!place.startsWith('/proc/') && !place.startsWith('/var/log/')) return undefined;
    return moment();
  }

  function moment(): Image | undefined {
    if (makeShown) shown ??= createImage(makeShown());
    return shown;
  }

  function mayReach(place: string, actor: Actor): boolean {
    if (actor.uid === 0) return true;
    for (let folder = parentOf(place); folder !== '/'; folder = parentOf(folder)) {
      const node = at(folder);
      if (node && !allows(node, actor, 1)) return false;
    }
    return true;
  }

  /** Whether a file there could be written, or made where there is none. */
  function mayWrite(path: string, actor: Actor): boolean {
    try {
      const node = find(path);
      if (node) return node.kind === 'device' || (mayReach(realPath(path), actor) && allows(node, actor, 2));
      return newPlace(path, actor) !== '';
    } catch (error) {
      if (error instanceof WorldFault) return false;
      throw error;
    }
  }

  function newPlace(path: string, actor: Actor): string {
    const folder = tryRealPath(parentOf(path));
    const parent = folder === undefined ? undefined : at(folder);
    if (folder === undefined || !parent) throw new WorldFault('ENOENT', path);
    if (parent.kind !== 'folder') throw new WorldFault('ENOTDIR', path);
    if (!mayReach(childPath(folder, 'x'), actor) || !allows(parent, actor, 2)) throw new WorldFault('EACCES', path);
    // The kernel's own files cannot be made by anybody.
    if (/^\/(?:proc|sys)(?:\/|$)/.test(folder))
      throw new WorldFault(actor.uid === 0 && folder.startsWith('/proc') ? 'ENOENT' : 'EACCES', path);
    return childPath(folder, nameOf(path));
  }

  function keep(place: string, node: KeptNode): void {
    if (layer.bytes() + bytesOf(node).length > bytesMax) throw new WorldFault('ENOSPC', place);
    touchParent(place);
    layer.set(place, node);
    changed?.(place, node);
  }

  function gone(place: string): void {
    touchParent(place);
    layer.set(place, null);
    changed?.(place, null);
  }

  /** A folder's time is that of the last entry that came or went. */
  function touchParent(place: string): void {
    const parent = parentOf(place);
    const folder = at(parent);
    if (folder?.kind !== 'folder' || place === '/') return;
    const touched = { ...folder, mtimeMs: now() };
    layer.set(parent, touched);
    changed?.(parent, touched);
  }

  /** Every path there is, for `find` and for expanding names. */
  function paths(): string[] {
    const all = new Set<string>();
    for (const known of [image, moment()])
      for (const path of known?.paths() ?? []) if (layer.find(path) !== null) all.add(path);
    for (const [path, node] of layer.changes()) if (node) all.add(path);
    return [...all];
  }
}

function allows(node: WorldNode, actor: Actor, bit: 1 | 2 | 4): boolean {
  if (actor.uid === 0) return true;
  const shift = node.uid === actor.uid ? 6 : node.gid === actor.gid ? 3 : 0;
  return ((node.mode >> shift) & bit) !== 0;
}

function asKept(node: WorldNode): KeptNode {
  if (node.kind === 'made') {
    const { mode, uid, gid, mtimeMs } = node;
    return { kind: 'file', mode, uid, gid, mtimeMs, bytes: node.make() };
  }
  if (node.kind === 'device')
    return {
      kind: 'file',
      mode: node.mode,
      uid: node.uid,
      gid: node.gid,
      mtimeMs: node.mtimeMs,
      bytes: new Uint8Array(),
    };
  return node;
}
