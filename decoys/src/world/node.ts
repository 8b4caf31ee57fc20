/** What every entry of a file system has. Owners are numbers, as on a disk; times are milliseconds. */
interface Entry {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
}

export interface FileNode extends Entry {
  readonly kind: 'file';
  readonly bytes: Uint8Array;
}

export interface FolderNode extends Entry {
  readonly kind: 'folder';
}

export interface LinkNode extends Entry {
  readonly kind: 'link';
  readonly target: string;
}

export interface DeviceNode extends Entry {
  readonly kind: 'device';
  readonly major: number;
  readonly minor: number;
  /** What is read from it; nothing from most. */
  readonly make?: () => Uint8Array;
}

/** A file of the persona whose content is made when it is read: programs, and what the kernel tells in /proc. */
export interface MadeNode extends Entry {
  readonly kind: 'made';
  /** What `ls` shows; 0 for what the kernel tells. */
  readonly sizeBytes: number;
  readonly make: () => Uint8Array;
}

/** What an attacker can leave behind. It crosses threads and is stored, so it holds no functions. */
export type KeptNode = FileNode | FolderNode | LinkNode;
export type WorldNode = KeptNode | DeviceNode | MadeNode;

/** A change to a world: the node that is now at a path, or null where it is gone. */
export type WorldChange = readonly [path: string, node: KeptNode | null];

const sharedBytesMin = 64 * 1024;
/** Taken while this file is loaded: the interpreter hides it from the scripts it runs. */
const SharedBuffer = SharedArrayBuffer;

/**
 * Bytes of a file, where every thread can read them: a large file is then not copied from thread to thread, which would hold up the
 * listening one. Nobody writes into them: a file that changes gets others.
 */
export function shareBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length < sharedBytesMin || bytes.buffer instanceof SharedBuffer) return bytes;
  const shared = new Uint8Array(new SharedBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** In bytes, as `stat` tells it. */
export function sizeOf(node: WorldNode): number {
  if (node.kind === 'file') return node.bytes.length;
  if (node.kind === 'made') return node.sizeBytes;
  if (node.kind === 'link') return node.target.length;
  return node.kind === 'folder' ? 4096 : 0;
}

/** What reading gives now: some files are made when they are read. */
export function bytesOf(node: WorldNode): Uint8Array {
  if (node.kind === 'file') return node.bytes;
  return (node.kind === 'made' || node.kind === 'device' ? node.make?.() : undefined) ?? new Uint8Array();
}
