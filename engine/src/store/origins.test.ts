import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import { composeEventId } from '@cerberusmesh/contract/event-id';
import { type LocateOrigin, unknownOrigin } from '@cerberusmesh/contract/origin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createCountryReads } from './read/countries.ts';
import { openReadPool } from './read/reader.ts';
import { createPrepareWrite } from './write-batch.ts';

const google = { ...unknownOrigin, country: 'US', asn: 15169, asName: 'Google LLC' };
const documentation = { ...unknownOrigin, network: 'documentation' };
const known: LocateOrigin = (address) =>
  address === '8.8.8.8' ? google : address === '192.0.2.1' ? documentation : unknownOrigin;

describe('where attackers come from', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it('is kept with them, and events are counted by day, country and system, probes left out', async () => {
    const batch = () => [
      aLine('8.8.8.8', '2026-11-21T23:59:59.999999Z'),
      aLine('8.8.8.8', '2026-11-22T00:00:00.000000Z'),
      aLine('__proto__', '2026-11-22T00:00:00.000000Z'),
      { ...aLine('8.8.8.8', '2026-11-22T00:00:00.000000Z'), probe: true },
    ];
    await add(batch(), known);
    await add(batch(), known);
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

  it('stays as it is known, where a batch is written without looking', async () => {
    await add([aLine('8.8.8.8')], known);
    await add([aLine('8.8.8.8')], undefined);
    expect(await rows('select country, asn, total_events from attackers')).toEqual([
      { country: 'US', asn: 15169, total_events: 2 },
    ]);
  });

  it('that is no country is told by the name of its network', async () => {
    await add([aLine('192.0.2.1'), aLine('192.0.2.1'), aLine('__proto__')], known);
    const reader = openReadPool(database.url);
    const { countries } = await createCountryReads(reader).readCountries({ limit: 10 });
    await reader.close();
    expect(countries).toEqual([
      { country: null, network: 'documentation', events: 2 },
      { country: null, network: null, events: 1 },
    ]);
  });

  it('says what a newer table says, when the attacker comes again', async () => {
    await add([aLine('8.8.8.8')], known);
    await add([aLine('8.8.8.8')], () => ({ ...google, country: 'IE', scanner: 'S' }));
    expect(await rows(`select country, scanner from attackers where ip_address = '8.8.8.8'`)).toEqual([
      { country: 'IE', scanner: 'S' },
    ]);
  });

  async function add(lines: readonly AssessedLine[], locate: LocateOrigin | undefined): Promise<void> {
    const prepareWrite = createPrepareWrite(database, () => new Date('2026-11-22T00:00:00Z'), locate);
    const write = await prepareWrite({
      source: { sourceId: 'a log', kind: 'cowrie', place: 'cowrie.json' },
      lines,
      duplicates: { lines: 0, bytes: 0 },
      blankBytes: 0,
      parked: [],
      states: new Map(),
      decisions: [],
      position: null,
      readBytes: 0,
    });
    await write();
  }

  async function rows(text: string): Promise<unknown> {
    return (await database.pool.query(text)).rows;
  }
});

let made = 0;

function aLine(sourceIp: string, timestamp = '2026-11-22T00:00:00.000000Z'): AssessedLine {
  return {
    event: {
      id: composeEventId(Date.parse(timestamp), 0, (++made).toString(16).padStart(16, '0')),
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
    sessionKey: 'sensor-a\0s1',
    rawBytes: null,
    coveredBytes: 2,
    probe: false,
    assessment: null,
  };
}
