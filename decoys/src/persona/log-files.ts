import type { Persona } from '@cerberusmesh/contract/persona';
import type { WorldNode } from '../world/node.ts';
import { accountOf, groupsOf } from './accounts.ts';
import { type Login, systemProcesses } from './process-table.ts';
import { syslogTime } from './system-files.ts';

/** A login as logs tell it. */
export interface LoggedLogin extends Login {
  readonly sourceIp: string;
  readonly sourcePort: number;
}

/** What a machine that is up has written down: timetables that ran since the last rotation, and who came in. */
export function logEntries(
  persona: Persona,
  logins: readonly LoggedLogin[],
  now: () => number,
): [path: string, node: WorldNode][] {
  if (persona.os.family === 'busybox') return [];
  const groups = groupsOf(persona);
  const log = (path: string, group: string, mode: number, read: () => Buffer): [string, WorldNode] => [
    path,
    {
      ...{ kind: 'made', mode, uid: 0, gid: groups.get(group) ?? 0, mtimeMs: latest(persona, logins, now()) },
      // Asked by `ls` only; a log is made when somebody looks.
      get sizeBytes() {
        return read().length;
      },
      make: read,
    },
  ];
  return [
    log('/var/log/auth.log', 'adm', 0o640, () => inOrder(authRows(persona, logins, now()))),
    log('/var/log/syslog', 'adm', 0o640, () => inOrder(systemRows(persona, logins, now()))),
  ];
}

interface Row {
  readonly atMs: number;
  readonly text: string;
}

const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;
/** Monday, 1970-01-05, is five days after the first Wednesday; logs are rotated on Sundays. */
const firstSundayMs = 3 * 24 * hourMs;
const cronMinuteMs = 17 * 60_000;

function inOrder(rows: readonly Row[]): Buffer {
  const sorted = [...rows].sort((a, b) => a.atMs - b.atMs);
  return Buffer.from(sorted.map(({ atMs, text }) => `${syslogTime(atMs)} ${text}\n`).join(''), 'utf8');
}

function authRows(persona: Persona, logins: readonly LoggedLogin[], nowMs: number): Row[] {
  const { hostname, bootedAtMs } = persona;
  const isFirst = rotatedAtMs(nowMs) <= bootedAtMs;
  return [
    ...(isFirst
      ? [
          {
            atMs: bootedAtMs,
            text: `${hostname} sshd[${pidOf(persona, 'sshd:')}]: Server listening on 0.0.0.0 port 22.`,
          },
        ]
      : []),
    ...hoursSince(persona, nowMs).flatMap((atMs) => {
      const head = `${hostname} CRON[${pidAt(persona, atMs)}]: pam_unix(cron:session): session`;
      return [
        { atMs, text: `${head} opened for user root(uid=0) by (uid=0)` },
        { atMs, text: `${head} closed for user root` },
      ];
    }),
    ...logins.flatMap(({ user, pid, sourceIp, sourcePort, sinceMs }) => {
      const { uid } = accountOf(persona, user);
      const head = `${hostname} sshd[${pid - 14}]:`;
      return [
        { atMs: sinceMs, text: `${head} Accepted password for ${user} from ${sourceIp} port ${sourcePort} ssh2` },
        {
          atMs: sinceMs,
          text: `${head} pam_unix(sshd:session): session opened for user ${user}(uid=${uid}) by (uid=0)`,
        },
        {
          atMs: sinceMs,
          text: `${hostname} systemd-logind[${pidOf(persona, 'systemd-logind')}]: New session 4 of user ${user}.`,
        },
      ];
    }),
  ];
}

function systemRows(persona: Persona, logins: readonly LoggedLogin[], nowMs: number): Row[] {
  const { hostname, bootedAtMs, kernel } = persona;
  const isFirst = rotatedAtMs(nowMs) <= bootedAtMs;
  const boot = `${hostname} kernel: [    0.000000] Linux version ${kernel.release} ${kernel.build}`;
  return [
    ...(isFirst
      ? [
          { atMs: bootedAtMs, text: boot },
          { atMs: bootedAtMs, text: `${hostname} systemd[1]: Started OpenBSD Secure Shell server.` },
        ]
      : []),
    ...hoursSince(persona, nowMs).map((atMs) => ({
      atMs,
      text: `${hostname} CRON[${pidAt(persona, atMs) + 1}]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)`,
    })),
    ...logins.map(({ user, sinceMs }) => ({
      atMs: sinceMs,
      text: `${hostname} systemd[1]: Started Session 4 of User ${user}.`,
    })),
  ];
}

/** Of a service, as `ps` tells it. */
function pidOf(persona: Persona, word: string): number {
  return systemProcesses(persona).find(({ command }) => command.includes(word))?.pid ?? 1;
}

function rotatedAtMs(nowMs: number): number {
  return nowMs - ((nowMs - firstSundayMs) % weekMs);
}

/** When the hourly timetable ran since the boot or the last rotation, whichever was later. */
function hoursSince({ bootedAtMs }: Persona, nowMs: number): number[] {
  const from = Math.max(bootedAtMs, rotatedAtMs(nowMs));
  const first = Math.ceil((from - cronMinuteMs) / hourMs) * hourMs + cronMinuteMs + 1000;
  return Array.from({ length: Math.max(0, Math.ceil((nowMs - first) / hourMs)) }, (_, hour) => first + hour * hourMs);
}

function pidAt({ bootedAtMs }: Persona, atMs: number): number {
  return 1200 + ((Math.floor((atMs - bootedAtMs) / hourMs) * 37) % 30_000);
}

function latest(persona: Persona, logins: readonly LoggedLogin[], nowMs: number): number {
  return Math.max(...logins.map(({ sinceMs }) => sinceMs), hoursSince(persona, nowMs).at(-1) ?? persona.bootedAtMs);
}
