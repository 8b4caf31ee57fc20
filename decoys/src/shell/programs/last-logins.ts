import { dateText } from '../../persona/date-text.ts';
import { decodeRecords, type LoginRecord } from '../../persona/login-records.ts';
import { lastLoginOf, wtmpPath } from '../login-log.ts';
import type { Machine } from '../program.ts';
import { accountsIn } from './world-accounts.ts';

const root = { uid: 0, gid: 0 };

/** `last`: what wtmp holds, latest first; `-n 3` and `-3` bound it, and a name chooses. */
export function lastText(machine: Machine, args: readonly string[]): string {
  const given = args.join(' ');
  const [, count] = /(?:^|\s)-(?:n\s*)?(\d+)/.exec(given) ?? [];
  const names = args.filter((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-n');
  const node = machine.world.find(wtmpPath);
  if (!node) return '';
  const records = decodeRecords(machine.world.read(wtmpPath, root));
  const rows = records
    .flatMap((record, at) => (record.kind === 'logout' ? [] : [rowOf(record, records.slice(at + 1), machine)]))
    .filter(({ record: { user, line } }) => names.length === 0 || names.includes(user) || names.includes(line))
    .reverse();
  const shown = count === undefined ? rows : rows.slice(0, Number(count));
  const begins = dateText(records[0]?.atMs ?? node.mtimeMs);
  return `${shown.map(({ text }) => `${text}\n`).join('')}\nwtmp begins ${begins}\n`;
}

function rowOf(record: LoginRecord, later: readonly LoginRecord[], machine: Machine) {
  const { kind, user, line, host, atMs } = record;
  const where = kind === 'boot' ? 'system boot' : line;
  const head = `${user.slice(0, 8).padEnd(8)} ${where.padEnd(12)} ${host.slice(0, 16).padEnd(16)} ${dateText(atMs).slice(0, 16)}`;
  return { record, text: `${head} ${endOf(record, later, machine)}` };
}

function endOf(
  { kind, line, pid, atMs }: LoginRecord,
  later: readonly LoginRecord[],
  { visitor, others }: Machine,
): string {
  if (kind === 'boot') return '  still running';
  const end = later.find((each) => each.kind === 'logout' && each.line === line);
  if (end) return `- ${dateText(end.atMs).slice(11, 16)}  (${spanText(end.atMs - atMs)})`;
  return [visitor, ...others()].some((each) => each.pid === pid) ? '  still logged in' : '   gone - no logout';
}

/** `01:06`, `2+01:06` from a day on. */
function spanText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  const clock = [hours, minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return days > 0 ? `${days}+${clock}` : clock;
}

/** `lastlog`: each account's latest login; `-u` chooses one. */
export function lastlogText(machine: Machine, args: readonly string[]): string {
  const at = args.findIndex((arg) => arg === '-u' || arg === '--user');
  const accounts = accountsIn(machine).filter(({ name }) => at < 0 || name === args[at + 1]);
  const rows = accounts.map((account) => {
    const { name } = account;
    const last = lastLoginOf(machine.world, account);
    if (!last) return `${name.padEnd(68)}**Never logged in**\n`;
    return `${name.padEnd(16)} ${last.line.padEnd(8)} ${last.host.padEnd(42)} ${zonedText(last.atMs)}\n`;
  });
  return `Username         Port     From                                       Latest\n${rows.join('')}`;
}

function zonedText(ms: number): string {
  const text = dateText(ms);
  return `${text.slice(0, -5)} +0000${text.slice(-5)}`;
}
