import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { Account } from '../persona/accounts.ts';
import { modeText, timeText } from '../shell/programs/listing.ts';
import type { Visit } from '../shell/visit.ts';
import { createTurns, type Outlet } from '../terminal/turns.ts';
import { type FaultCode, WorldFault } from '../world/faults.ts';
import { bytesOf, sizeOf, type WorldNode } from '../world/node.ts';
import { childPath, resolvePath } from '../world/paths.ts';
import { tellUpload, type Uploads } from './uploads.ts';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

interface OpenFile {
  readonly kind: 'file';
  readonly path: string;
  readonly isWritten: boolean;
  bytes: Buffer;
  length: number;
}

interface OpenFolder {
  readonly kind: 'folder';
  readonly path: string;
  names: string[] | null;
}

const handlesMax = 64;
const namesAtOnce = 100;

/** Requests that wait for their turn, and the bytes that they bring; who brings more than these is cut. */
const waitingMax = { requests: 20_000, bytes: 16 * 1024 * 1024 };
const answeredBytesMax = 256 * 1024;
const turnMs = 10;

interface Request {
  readonly act: () => void;
  /** What it brought to be written. */
  readonly bytes?: number;
}

export interface SftpOptions {
  readonly sftp: SFTPWrapper;
  readonly outlet: Outlet;
  readonly visit: Visit;
  readonly account: Pick<Account, 'uid' | 'gid' | 'home'>;
  readonly uploads: Uploads;
  readonly fileBytesMax: number;
}

/**
 * Answers the SFTP protocol out of the attacker's world. What is written is kept by its hash when it is closed. Requests take turns: of
 * 20,000 that asked for a file and read no answer the answers were 640 MB.
 */
export function serveSftp({ sftp, outlet, visit, account, uploads, fileBytesMax }: SftpOptions): void {
  const { world, events } = visit;
  const actor = { uid: account.uid, gid: account.gid };
  const handles = new Map<number, OpenFile | OpenFolder>();
  const waiting: Request[] = [];
  let waitingBytes = 0;
  let lastHandle = 0;
  const turns = createTurns(outlet, takeRequests);
  const at = (path: string) => resolvePath(account.home, path);

  sftp.on('REALPATH', (id, path) =>
    answer(id, () => sftp.name(id, [{ filename: at(path), longname: at(path), attrs: noAttributes }])),
  );
  sftp.on('STAT', (id, path) => answer(id, () => sftp.attrs(id, attributesOf(world.get(at(path))))));
  sftp.on('LSTAT', (id, path) =>
    answer(id, () => sftp.attrs(id, attributesOf(world.lookAt(at(path)) ?? missing(path)))),
  );
  sftp.on('FSTAT', (id, handle) => answer(id, () => sftp.attrs(id, attributesOf(world.get(fileOf(handle).path)))));
  sftp.on('FSETSTAT', (id) => done(id, () => undefined));
  sftp.on('SETSTAT', (id, path, attributes) =>
    done(id, () =>
      world.change(at(path), actor, { ...(attributes.mode === undefined ? {} : { mode: attributes.mode & 0o7777 }) }),
    ),
  );
  sftp.on('MKDIR', (id, path) => done(id, () => world.makeFolder(at(path), actor)));
  sftp.on('RMDIR', (id, path) => done(id, () => world.remove(at(path), actor)));
  sftp.on('REMOVE', (id, path) => done(id, () => world.remove(at(path), actor)));
  sftp.on('RENAME', (id, from, to) => done(id, () => world.move(at(from), at(to), actor)));
  sftp.on('SYMLINK', (id, target, path) => done(id, () => world.makeLink(at(path), target, actor)));
  sftp.on('READLINK', (id, path) =>
    answer(id, () => {
      const node = world.lookAt(at(path));
      sftp.name(id, [
        { filename: node?.kind === 'link' ? node.target : missing(path), longname: '', attrs: noAttributes },
      ]);
    }),
  );
  sftp.on('OPENDIR', (id, path) =>
    answer(id, () =>
      sftp.handle(id, keep({ kind: 'folder', path: at(path), names: world.list(at(path), actor).sort() })),
    ),
  );
  sftp.on('READDIR', (id, handle) => answer(id, () => readFolder(id, handle)));
  sftp.on('OPEN', (id, path, flags) => answer(id, () => open(id, at(path), flags)));
  sftp.on('READ', (id, handle, offset, length) => answer(id, () => read(id, handle, offset, length)));
  sftp.on('WRITE', (id, handle, offset, bytes) => answer(id, () => write(id, handle, offset, bytes), bytes.length));
  sftp.on('CLOSE', (id, handle) => answer(id, () => close(id, handle)));
  sftp.on('EXTENDED', (id) => answer(id, () => sftp.status(id, STATUS_CODE.OP_UNSUPPORTED)));
  sftp.on('end', () =>
    wait({
      act() {
        tellExit(sftp);
        sftp.end();
      },
    }),
  );
  sftp.on('error', () => undefined);

  function open(id: number, path: string, flags: number): void {
    const writes = (flags & OPEN_MODE.WRITE) !== 0;
    const node = world.find(path);
    if (writes && !((flags & OPEN_MODE.TRUNC) !== 0 && node))
      world.write(path, node ? bytesOf(node) : new Uint8Array(), actor);
    const bytes = writes && (flags & OPEN_MODE.TRUNC) !== 0 ? Buffer.alloc(0) : Buffer.from(world.read(path, actor));
    sftp.handle(id, keep({ kind: 'file', path, isWritten: writes, bytes, length: bytes.length }));
  }

  function read(id: number, handle: Buffer, offset: number, length: number): void {
    const { bytes, length: size } = fileOf(handle);
    if (offset >= size) return void sftp.status(id, STATUS_CODE.EOF);
    sftp.data(id, bytes.subarray(offset, Math.min(size, offset + length)));
  }

  function write(id: number, handle: Buffer, offset: number, bytes: Buffer): void {
    const file = fileOf(handle);
    const end = offset + bytes.length;
    if (!file.isWritten || end > fileBytesMax) return void sftp.status(id, STATUS_CODE.FAILURE);
    if (end > file.bytes.length)
      file.bytes = Buffer.concat([file.bytes], Math.min(fileBytesMax, Math.max(end, file.bytes.length * 2)));
    bytes.copy(file.bytes, offset);
    file.length = Math.max(file.length, end);
    sftp.status(id, STATUS_CODE.OK);
  }

  function close(id: number, handle: Buffer): void {
    const number = handle.readUInt32BE(0);
    const known = handles.get(number);
    handles.delete(number);
    if (known?.kind === 'file' && known.isWritten) {
      const bytes = Buffer.from(known.bytes.subarray(0, known.length));
      world.write(known.path, bytes, actor);
      tellUpload(events, uploads.keep(bytes), known.path);
    }
    sftp.status(id, STATUS_CODE.OK);
  }

  function readFolder(id: number, handle: Buffer): void {
    const folder = handles.get(handle.readUInt32BE(0));
    if (folder?.kind !== 'folder' || !folder.names || folder.names.length === 0)
      return void sftp.status(id, STATUS_CODE.EOF);
    const names = folder.names.splice(0, namesAtOnce);
    sftp.name(
      id,
      names.flatMap((name) => {
        const node = world.lookAt(childPath(folder.path, name));
        return node ? [{ filename: name, longname: longName(name, node, visit.now()), attrs: attributesOf(node) }] : [];
      }),
    );
  }

  function keep(what: OpenFile | OpenFolder): Buffer {
    if (handles.size >= handlesMax) throw new WorldFault('ENOSPC', what.path);
    const number = ++lastHandle;
    handles.set(number, what);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(number);
    return handle;
  }

  function fileOf(handle: Buffer): OpenFile {
    const known = handle.length === 4 ? handles.get(handle.readUInt32BE(0)) : undefined;
    if (known?.kind !== 'file') throw new WorldFault('ENOENT', '');
    return known;
  }

  function done(id: number, act: () => void): void {
    answer(id, () => {
      act();
      sftp.status(id, STATUS_CODE.OK);
    });
  }

  function answer(id: number, act: () => void, bytes = 0): void {
    wait({
      act() {
        try {
          act();
        } catch (error) {
          const code = error instanceof WorldFault ? error.code : undefined;
          sftp.status(id, (code && statusOf[code]) ?? STATUS_CODE.FAILURE);
        }
      },
      bytes,
    });
  }

  function wait(request: Request): void {
    waiting.push(request);
    waitingBytes += request.bytes ?? 0;
    if (waiting.length > waitingMax.requests || waitingBytes > waitingMax.bytes) sftp.end();
    else turns();
  }

  /** @returns whether there are more. */
  function takeRequests(): boolean {
    const startedMs = performance.now();
    while (performance.now() - startedMs < turnMs && outlet.writableLength < answeredBytesMax) {
      const request = waiting.shift();
      if (!request) return false;
      waitingBytes -= request.bytes ?? 0;
      request.act();
    }
    return waiting.length > 0;
  }
}

/**
 * OpenSSH's sftp-server ends with status 0, and scp fails where it hears none. ssh2 has no call for that: its SFTP
 * stream keeps the connection's protocol and the channel's number to itself.
 */
function tellExit(sftp: SFTPWrapper): void {
  const inner = sftp as unknown as {
    _protocol?: { exitStatus(channel: number, status: number): void };
    outgoing?: { id: number };
  };
  if (inner._protocol && inner.outgoing) inner._protocol.exitStatus(inner.outgoing.id, 0);
}

const statusOf: Partial<Record<FaultCode, number>> = {
  ENOENT: STATUS_CODE.NO_SUCH_FILE,
  EACCES: STATUS_CODE.PERMISSION_DENIED,
  EPERM: STATUS_CODE.PERMISSION_DENIED,
};

const noAttributes: Attributes = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

function attributesOf(node: WorldNode): Attributes {
  const kind = { folder: 0o040000, link: 0o120000, device: 0o020000, file: 0o100000, made: 0o100000 }[node.kind];
  const seconds = Math.floor(node.mtimeMs / 1000);
  return { mode: kind | node.mode, uid: node.uid, gid: node.gid, size: sizeOf(node), atime: seconds, mtime: seconds };
}

function longName(name: string, node: WorldNode, nowMs: number): string {
  return `${modeText(node)}    1 ${String(node.uid).padEnd(8)} ${String(node.gid).padEnd(8)} ${String(sizeOf(node)).padStart(8)} ${timeText(node.mtimeMs, nowMs)} ${name}`;
}

function missing(path: string): never {
  throw new WorldFault('ENOENT', path);
}
