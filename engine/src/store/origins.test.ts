import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import { type LocateOrigin, unknownOrigin } from '@cerberusmesh/contract/origin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { addOrigins, summarizeOrigins } from './origins.ts';

const google = { ...unknownOrigin, country: 'US', asn: 15169, asName: 'Google LLC' };
const known: LocateOrigin = (address) => (address === '8.8.8.8' ? google : unknownOrigin);

describe('addOrigins', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
    await database.pool.query(
      `insert into attackers (ip_address, first_seen, last_seen) values ('8.8.8.8', now(), now()), ('__proto__', now(), now())`,
    );
  });
  afterEach(() => database.drop());

  it('completes attackers and counts events by day, country and system, probes left out', async () => {
    const batch = [
      aLine('8.8.8.8', '2026-11-21T23:59:59.999999Z'),
      aLine('8.8.8.8', '2026-11-22T00:00:00.000000Z'),
      aLine('__proto__', '2026-11-22T00:00:00.000000Z'),
      { ...aLine('8.8.8.8', '2026-11-22T00:00:00.000000Z'), probe: true },
    ];
    await add(batch, known);
    await add(batch, known);
    expect(await rows('select ip_address, country, asn, as_name from attackers order by 1')).toEqual([
      { ip_address: '8.8.8.8', country: 'US', asn: 15169, as_name: 'Google LLC' },
      { ip_address: '__proto__', country: null, asn: null, as_name: null },
    ]);
    expect(await rows('select day::text, country, asn, events from rollup_countries order by 1, 2')).toEqual([
      { day: '2026-11-21', country: 'US', asn: 15169, events: 2 },
      { day: '2026-11-22', country: '', asn: 0, events: 2 },
      { day: '2026-11-22', country: 'US', asn: 15169, events: 2 },
    ]);
  });

  it('says what a newer table says, when the attacker comes again', async () => {
    await add([aLine('8.8.8.8')], known);
    await add([aLine('8.8.8.8')], () => ({ ...google, country: 'IE', scanner: 'S' }));
    expect(await rows(`select country, scanner from attackers where ip_address = '8.8.8.8'`)).toEqual([
      { country: 'IE', scanner: 'S' },
    ]);
  });

  async function add(lines: readonly AssessedLine[], locate: LocateOrigin): Promise<void> {
    await database.transaction((client) => addOrigins(client, summarizeOrigins(lines, locate)));
  }

  async function rows(text: string): Promise<unknown> {
    return (await database.pool.query(text)).rows;
  }
});

function aLine(sourceIp: string, timestamp = '2026-11-22T00:00:00.000000Z'): AssessedLine {
  return {
    event: {
      id: '01a1f35f-f000-7000-8000-000000000000',
      eventType: 'cowrie.session.connect',
      timestamp,
      epochMs: Date.parse(timestamp),
      sensor: 'sensor-a',
      sessionId: 's1',
      protocol: 'ssh',
      sourceIp,
      sourcePort: 4000,
      late: false,
      detail: { kind: 'connect' },
    },
    rawJson: '{}',
    rawBytes: null,
    coveredBytes: 2,
    probe: false,
    assessment: null,
  };
}
