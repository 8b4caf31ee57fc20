import type { ServerChannel } from 'ssh2';
import type { Account } from '../persona/accounts.ts';
import type { Visit } from '../shell/visit.ts';
import { faultTexts, WorldFault } from '../world/faults.ts';
import { bytesOf } from '../world/node.ts';
import { childPath, nameOf, resolvePath } from '../world/paths.ts';
import { tellUpload, type Uploads } from './uploads.ts';

export interface Scp {
  readonly direction: 'to' | 'from';
  readonly path: string;
}

/** What `scp -O` starts at the other end: `scp -t PATH` to receive, `scp -f PATH` to send. */
export function readScp(command: string): Scp | undefined {
  const [program, ...words] = command.trim().split(/\s+/);
  if (program !== 'scp' && program !== '/usr/bin/scp') return undefined;
  const flags = words.filter((word) => word.startsWith('-')).join('');
  const path =
    words
      .filter((word) => !word.startsWith('-'))
      .join(' ')
      .replace(/^'(.*)'$/, '$1') || '.';
  if (flags.includes('t')) return { direction: 'to', path };
  return flags.includes('f') ? { direction: 'from', path } : undefined;
}

export interface ScpOptions {
  readonly channel: ServerChannel;
  readonly visit: Visit;
  readonly account: Pick<Account, 'uid' | 'gid' | 'home'>;
  readonly uploads: Uploads;
  readonly fileBytesMax: number;
}

/** Speaks the old copy protocol; resolves with the exit status. */
export async function serveScp({ direction, path }: Scp, options: ScpOptions): Promise<number> {
  const place = resolvePath(options.account.home, path.replace(/^~\/?/, './'));
  return direction === 'to' ? await receive(place, options) : await send(place, options);
}

async function receive(
  target: string,
  { channel, visit, account, uploads, fileBytesMax }: ScpOptions,
): Promise<number> {
  const read = createReader(channel);
  const folders = [target];
  let status = 0;
  channel.write('\0');
  for (let line = await read.line(); line !== undefined; line = await read.line()) {
    const [, kind, mode = '', size = '', name = ''] = /^([CD])(\d{4}) (\d{1,12}) (.+)$/.exec(line) ?? [];
    const folder = folders.at(-1) ?? target;
    if (kind === undefined) {
      // `E` leaves a folder, `T` tells times.
      if (line === 'E') folders.pop();
      channel.write('\0');
      continue;
    }
    const safeName = nameOf(`/${name}`);
    const place =
      visit.world.find(folder)?.kind === 'folder' && safeName !== '' && safeName !== '..'
        ? childPath(folder, safeName)
        : folder;
    try {
      if (kind === 'D') {
        if (!visit.world.find(place)) visit.world.makeFolder(place, account);
        folders.push(place);
        channel.write('\0');
        continue;
      }
      if (Number(size) > fileBytesMax) throw new WorldFault('ENOSPC', place);
      channel.write('\0');
      const bytes = await read.bytes(Number(size));
      if (!bytes) return 1;
      await read.bytes(1);
      visit.world.write(place, bytes, account, Number.parseInt(mode, 8));
      tellUpload(visit.events, uploads.keep(bytes), safeName, { destfile: place, url: place });
      channel.write('\0');
    } catch (error) {
      status = 1;
      channel.write(`\x01scp: ${place}: ${error instanceof WorldFault ? faultTexts[error.code] : 'Failure'}\n`);
    }
  }
  return status;
}

async function send(path: string, { channel, visit, account }: ScpOptions): Promise<number> {
  const read = createReader(channel);
  const node = visit.world.find(path);
  await read.bytes(1);
  if (!node || node.kind === 'folder') {
    channel.write(`\x01scp: ${path}: ${node ? 'not a regular file' : faultTexts.ENOENT}\n`);
    return 1;
  }
  try {
    visit.world.read(path, account);
  } catch {
    channel.write(`\x01scp: ${path}: ${faultTexts.EACCES}\n`);
    return 1;
  }
  const bytes = bytesOf(node);
  channel.write(`C${(node.mode & 0o7777).toString(8).padStart(4, '0')} ${bytes.length} ${nameOf(path)}\n`);
  await read.bytes(1);
  channel.write(bytes);
  channel.write('\0');
  await read.bytes(1);
  return 0;
}

/** Reads a stream by lines and by counts. Holds no more than was asked for and one chunk. */
function createReader(channel: ServerChannel) {
  const chunks = (channel as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  return { line, bytes };

  async function line(): Promise<string | undefined> {
    for (;;) {
      const end = held.indexOf(0x0a);
      if (end >= 0) {
        const text = held.toString('utf8', 0, end);
        held = held.subarray(end + 1);
        return text;
      }
      if (held.length > 4096 || !(await more())) return undefined;
    }
  }

  async function bytes(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let length = 0;
    for (;;) {
      const taken = held.subarray(0, count - length);
      parts.push(taken);
      held = held.subarray(taken.length);
      length += taken.length;
      if (length === count) return Buffer.concat(parts);
      if (!(await more())) return undefined;
    }
  }

  async function more(): Promise<boolean> {
    const next = await chunks.next();
    if (next.done) return false;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    return true;
  }
}
