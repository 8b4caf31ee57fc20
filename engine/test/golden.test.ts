import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSession } from '../src/assess/assess.ts';
import { loadAssess } from '../src/assess/load-assess.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

const root = join(import.meta.dirname, '../..');
const recordings = join(root, 'recordings');
const stories = readdirSync(recordings, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** What the whole way makes of our recordings. A change here is a change of what people see: look at it, then `-u`. */
describe.each(stories)('the recording %s, through the whole pipeline', (story) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it('is understood as it was last time', async () => {
    await play(story, database);
    const understood = {
      sessions: await rows(
        `select source_ip, protocol, event_count, command_count, successful_login, is_active, severity, techniques
           from sessions order by start_time, session_id`,
      ),
      commands: await rows(
        `select command, severity, attack_type, techniques from events
          where event_type = 'cowrie.command.input' order by id`,
      ),
      attackers: await rows(
        'select ip_address, threat_level, total_events, unique_passwords_count from attackers order by ip_address',
      ),
    };
    await expect(`${JSON.stringify(understood, null, 2)}\n`).toMatchFileSnapshot(
      join(recordings, story, 'expected.json'),
    );
  });

  async function rows(text: string): Promise<unknown[]> {
    return (await database.pool.query(text)).rows;
  }
});

async function play(story: string, database: TestDatabase): Promise<void> {
  const pipeline = composePipeline({
    database,
    clock: systemClock,
    timeZone: 'UTC',
    assess: loadAssess({ modelsFolder: join(root, 'models'), policyFolder: join(root, 'policy') }),
    startSession,
    isProbe: () => false,
    assessFailed: (_event, error) => {
      throw error;
    },
  });
  const text = await readFile(join(recordings, story, 'cowrie.jsonl'), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => ({ text: line, coveredBytes: Buffer.byteLength(line) + 1 }));
  const source = { sourceId: story, kind: 'file', place: story };
  const report = await pipeline.onLines({ sourceId: story, lines, position: {}, readBytes: text.length }, source);
  expect(report).toMatchObject({ stored: lines.length, duplicate: 0, parked: 0 });
}
