import type { Persona } from '@cerberusmesh/contract/persona';

/** One record of wtmp(5). */
export interface LoginRecord {
  readonly kind: 'boot' | 'login' | 'logout';
  readonly pid: number;
  readonly line: string;
  readonly user: string;
  readonly host: string;
  readonly atMs: number;
}

/** One record of lastlog(5), at the place of its user's number. */
export interface LastLogin {
  readonly atMs: number;
  readonly line: string;
  readonly host: string;
}

const wtmp = { bytes: 384, pid: 4, line: 8, id: 40, user: 44, host: 76, second: 340 } as const;
const wtmpKinds = { boot: 2, login: 7, logout: 8 } as const;
const lastlog = { bytes: 292, line: 4, host: 36 } as const;

export function encodeRecord({ kind, pid, line, user, host, atMs }: LoginRecord): Buffer {
  const bytes = Buffer.alloc(wtmp.bytes);
  bytes.writeInt16LE(wtmpKinds[kind], 0);
  bytes.writeInt32LE(pid, wtmp.pid);
  bytes.write(line, wtmp.line, 31);
  bytes.write(line.slice(-4), wtmp.id, 4);
  bytes.write(user, wtmp.user, 31);
  bytes.write(host, wtmp.host, 255);
  bytes.writeUInt32LE(Math.floor(atMs / 1000), wtmp.second);
  return bytes;
}

/** What a visitor left there may be anything: what is no record of these kinds is passed over. */
export function decodeRecords(bytes: Uint8Array): LoginRecord[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: LoginRecord[] = [];
  for (let at = 0; at + wtmp.bytes <= all.length; at += wtmp.bytes) {
    const number = all.readInt16LE(at);
    const kind = (['boot', 'login', 'logout'] as const).find((each) => wtmpKinds[each] === number);
    if (!kind) continue;
    records.push({
      kind,
      pid: all.readInt32LE(at + wtmp.pid),
      line: textAt(all, at + wtmp.line, 32),
      user: textAt(all, at + wtmp.user, 32),
      host: textAt(all, at + wtmp.host, 256),
      atMs: all.readUInt32LE(at + wtmp.second) * 1000,
    });
  }
  return records;
}

/** As login(1) and sshd wrote them before anybody whom we watch came: the boot, and the visits of those who run the machine. */
export function earlierRecords(persona: Persona): LoginRecord[] {
  const { bootedAtMs, kernel } = persona;
  const boot = { kind: 'boot', pid: 0, line: '~', user: 'reboot', host: kernel.release, atMs: bootedAtMs } as const;
  const visits = earlierVisits(persona).flatMap(({ user, host, fromMs, toMs }, at): LoginRecord[] => {
    const of = { pid: 1402 + at * 231, line: 'pts/0' };
    return [
      { ...of, kind: 'login', user, host, atMs: fromMs },
      { ...of, kind: 'logout', user: '', host: '', atMs: toMs },
    ];
  });
  return [boot, ...visits];
}

/** What lastlog(5) holds of them. */
export function earlierLastLogins(persona: Persona): Buffer {
  const uids = new Map([['root', 0] as const, ...persona.users.map(({ name, uid }) => [name, uid] as const)]);
  return earlierVisits(persona).reduce<Buffer>(
    (bytes, { user, host, fromMs }) => putLastLogin(bytes, uids.get(user) ?? 0, { atMs: fromMs, line: 'pts/0', host }),
    Buffer.alloc(0),
  );
}

/** Undefined where that user never came, as far as the file goes. */
export function lastLoginAt(bytes: Uint8Array, uid: number): LastLogin | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = uid * lastlog.bytes;
  if (at + lastlog.bytes > all.length) return undefined;
  const second = all.readUInt32LE(at);
  if (second === 0) return undefined;
  return { atMs: second * 1000, line: textAt(all, at + lastlog.line, 32), host: textAt(all, at + lastlog.host, 256) };
}

export function putLastLogin(bytes: Uint8Array, uid: number, { atMs, line, host }: LastLogin): Buffer {
  const at = uid * lastlog.bytes;
  const put = Buffer.alloc(Math.max(bytes.length, at + lastlog.bytes));
  put.set(bytes);
  put.fill(0, at, at + lastlog.bytes);
  put.writeUInt32LE(Math.floor(atMs / 1000), at);
  put.write(line, at + lastlog.line, 31);
  put.write(host, at + lastlog.host, 255);
  return put;
}

/** The admin's, and root's a while after it: both from within the network. */
function earlierVisits({ bootedAtMs, network, users }: Persona) {
  const [admin] = users;
  const visit = (user: string, fromMs: number, toMs: number) => ({
    ...{ user, host: network.gateway },
    ...{ fromMs: bootedAtMs + fromMs, toMs: bootedAtMs + toMs },
  });
  return [...(admin ? [visit(admin.name, 5_000_000, 9_000_000)] : []), visit('root', 9_300_000, 10_500_000)];
}

function textAt(bytes: Buffer, at: number, length: number): string {
  const text = bytes.toString('latin1', at, at + length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
