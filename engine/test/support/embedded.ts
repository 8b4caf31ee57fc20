import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { systemClock } from '../../src/kit/clock.ts';
import { openDatabase } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/server.ts';
import { migrate } from '../../src/store/migrate.ts';
import { findDebianPostgres, startDebianPostgres } from './debian-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One PostgreSQL for a whole test run, the embedded 18 unless told; each test file copies the migrated template. */
export default async function startForTests(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-test-'));
  // Tests kill processes, not the machine: without fsync the suite takes a third of the time.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '100' };
  const server = isDebians()
    ? await startDebians()
    : await startEmbeddedPostgres({ dataDir, clock: systemClock, settings });
  const template = openDatabase({ url: withDatabase(server.url, 'postgres'), applicationName: 'template' });
  await template.pool.query('create database template_migrated');
  await template.close();
  const migrated = openDatabase({ url: withDatabase(server.url, 'template_migrated'), applicationName: 'template' });
  await migrate(migrated);
  await migrated.close();
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.release();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** Whether CI wants the suite on Debian's server, the oldest that we say we run on. */
function isDebians(): boolean {
  // biome-ignore lint/style/noProcessEnv: the one place where the suite is told of another server.
  return process.env['CERBERUS_TEST_POSTGRES'] === 'debian';
}

async function startDebians(): Promise<{ url: string; release(): Promise<void> }> {
  const bin = findDebianPostgres();
  if (bin === undefined) throw new Error('Debian has no PostgreSQL here: apt-get install postgresql.');
  const server = await startDebianPostgres(bin);
  return { url: server.url, release: async () => server.stop() };
}

/** The same server's address with another database. */
export function withDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.toString();
}
