import { appendFile } from 'node:fs/promises';
import { checkLedger } from './check-ledger.ts';
import { count, untilStored, withPlace } from './place.ts';
import type { Scenario } from './scenario.ts';

const sessionsAtOnce = 10_000;
/** The longest session that was seen in public logs. */
const commandsOfOne = 27_742;
const startMs = Date.UTC(2026, 9, 1);

export const manySessions: Scenario = {
  name: 'many-sessions',
  does: `${sessionsAtOnce} sessions at once, one event of each after the other`,
  run: () =>
    withPlace(async ({ log, databaseUrl, up }) => {
      const steps = ['connect', 'login', 'w', 'uname -a', 'closed'];
      const lines = steps.flatMap((step, round) =>
        Array.from({ length: sessionsAtOnce }, (_, visitor) =>
          lineOf(step, visitor, startMs + (round * sessionsAtOnce + visitor) * 5),
        ),
      );
      const engine = await up();
      const seconds = await store(log, databaseUrl, lines);
      const checks = await checkLedger(databaseUrl, lines.length);
      const whole = await count(
        databaseUrl,
        `select count(*) from sessions where event_count = ${steps.length} and command_count = 2 and successful_login and not is_active`,
      );
      await engine.kill('SIGTERM');
      return {
        checks: [...checks, { what: 'whole sessions', expected: sessionsAtOnce, found: whole }],
        facts: { lines: lines.length, seconds },
      };
    }),
};

export const longSession: Scenario = {
  name: 'long-session',
  does: `one session of ${commandsOfOne} commands`,
  run: () =>
    withPlace(async ({ log, databaseUrl, up }) => {
      const commands = Array.from({ length: commandsOfOne }, (_, at) =>
        lineOf(`echo ${at} >> /tmp/.x`, 0, startMs + 10 + at * 20),
      );
      const lines = [
        lineOf('connect', 0, startMs),
        lineOf('login', 0, startMs + 5),
        ...commands,
        lineOf('closed', 0, startMs + 20 + commandsOfOne * 20),
      ];
      const engine = await up();
      const seconds = await store(log, databaseUrl, lines);
      const checks = await checkLedger(databaseUrl, lines.length);
      const counted = await count(databaseUrl, 'select command_count from sessions');
      await engine.kill('SIGTERM');
      return {
        checks: [...checks, { what: 'commands of the session', expected: commandsOfOne, found: counted }],
        facts: { lines: lines.length, seconds, microsecondsPerEvent: Math.round((seconds * 1e6) / lines.length) },
      };
    }),
};

async function store(log: string, url: string, lines: readonly string[]): Promise<number> {
  const started = performance.now();
  await appendFile(log, `${lines.join('\n')}\n`);
  await untilStored(url, lines.length, 600);
  return Math.round((performance.now() - started) / 100) / 10;
}

function lineOf(step: string, visitor: number, epochMs: number): string {
  const address = `198.51.${100 + (visitor >> 14)}.${(visitor >> 6) & 255}`;
  const common = {
    session: (0x10_0000_0000 + visitor).toString(16).padStart(12, '0'),
    ...{ src_ip: address, src_port: 1024 + (visitor % 60_000), protocol: 'ssh', sensor: 'many' },
    timestamp: new Date(epochMs).toISOString().replace('Z', '000Z'),
  };
  return JSON.stringify({ ...stepOf(step), ...common });
}

function stepOf(step: string): object {
  if (step === 'connect')
    return { eventid: 'cowrie.session.connect', dst_ip: '192.0.2.10', dst_port: 2222, message: 'New connection' };
  if (step === 'login')
    return { eventid: 'cowrie.login.success', username: 'root', password: 'admin', message: 'login attempt' };
  if (step === 'closed') return { eventid: 'cowrie.session.closed', duration_ms: 100, message: 'Connection lost' };
  return { eventid: 'cowrie.command.input', input: step, message: `CMD: ${step}` };
}
