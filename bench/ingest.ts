import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../engine/src/kit/clock.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { measureCerberus } from './child.ts';
import { writeLines } from './make-lines.ts';
import { askNumber, serverCpuSeconds } from './server-cpu.ts';

/**
 * `npm run bench -- ingest [--lines N] [--file LOG]`: `cerberus replay` against `psql \copy` of the same lines into one
 * jsonb column of the same embedded server. Copies before and after, so that a noisy neighbour shows. Tables are there
 * before either begins. A million lines, because of 300,000 the first and the last second, in which one of the two has
 * nothing to do yet or any more, are a twelfth.
 */
export async function benchIngest({ lines = 1_000_000, file }: { lines?: number; file?: string }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const log = file ?? join(dataDir, 'cowrie.json');
  if (file === undefined) await writeLines(log, lines);
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  try {
    const before = copySeconds(server.url, log);
    await measureCerberus(['migrate'], { CERBERUS_DATA_DIR: dataDir, DATABASE_URL: server.url });
    const serverBefore = await serverCpuSeconds(server.url);
    const replay = await measureCerberus(['replay', log, '--json'], {
      CERBERUS_DATA_DIR: dataDir,
      DATABASE_URL: server.url,
    });
    const serverSeconds = (await serverCpuSeconds(server.url)) - serverBefore;
    const after = copySeconds(server.url, log);
    const report: { lines: number; stored: number; seconds: number } = JSON.parse(
      replay.stdout.trim().split('\n').at(-1) ?? '',
    );
    const copy = Math.min(before, after);
    return {
      bench: 'ingest',
      lines: report.lines,
      bytes: (await stat(log)).size,
      stored: report.stored,
      replaySeconds: report.seconds,
      copySeconds: { before, after },
      ratioToCopy: round(copy / report.seconds),
      eventsPerSecond: Math.round(report.stored / report.seconds),
      cpuMicrosecondsPerEvent: round((replay.cpuSeconds * 1e6) / report.stored),
      serverCpuMicrosecondsPerEvent: round((serverSeconds * 1e6) / report.stored),
      peakRssMegabytes: replay.peakRssMegabytes,
      databaseBytesPerEvent: Math.round((await databaseBytes(server.url)) / report.stored),
    };
  } finally {
    await server.release();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Lines that jsonb refuses (U+0000) are taken out first: \copy has no way to park them. */
function copySeconds(url: string, log: string): number {
  const psql = (...commands: string[]) =>
    execFileSync('psql', ['-X', '-q', '-d', url, ...commands.flatMap((command) => ['-c', command])], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  psql('set client_min_messages = warning', 'drop table if exists copied', 'create table copied (line jsonb)');
  const started = performance.now();
  psql(`\\copy copied from program 'grep -v u0000 ${log}' with (format csv, quote e'\\x01', delimiter e'\\x02')`);
  const seconds = (performance.now() - started) / 1000;
  psql('drop table copied', 'checkpoint');
  return round(seconds);
}

async function databaseBytes(url: string): Promise<number> {
  return await askNumber(
    url,
    `select sum(pg_total_relation_size(oid))::float8 as answer from pg_class where relname like 'events%' and relkind = 'r'`,
    (bytes) => bytes,
  );
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
