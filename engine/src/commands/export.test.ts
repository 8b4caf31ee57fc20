import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { exportCommand } from './export.ts';

const hash = 'a'.repeat(64);
const dayMs = 86_400_000;
const yesterday = new Date(Date.now() - dayMs);

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'cerberus-export-'));
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CERBERUS_DATA_DIR', folder);
  await addAttacker('9.9.9.9', { high: 1 });
  await addAttacker('2600::9', { logins: 1 });
  await addAttacker('8.8.8.8', {});
  await addAttacker('9.9.9.1', { high: 1, scanner: 'Censys' });
  await addAttacker('9.9.9.2', { high: 1, seen: new Date(Date.now() - 40 * dayMs) });
  await addAttacker('7.7.7.7', { high: 1 });
  await addAttacker('203.0.113.5', { high: 1 });
  await addEvidence('payload', hash, ['9.9.9.9', '2600::9']);
  await addEvidence('payload', hash, ['9.9.9.3']);
  await addEvidence('payload', 'b'.repeat(64), ['203.0.113.5']);
  await addEvidence('url', "http://9.9.9.9/it's.sh", ['9.9.9.9']);
  await addEvidence('url', `http://9.9.9.9/${'x'.repeat(400)}…`, ['9.9.9.9']);
  await addEvidence('host', '9.9.9.9', ['9.9.9.9']);
  await database.pool.query(
    `insert into allowed_networks (network, reason, added_by) values ('7.7.7.0/24', 'a partner', 'user:ada')`,
  );
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const Stix = z.object({
  objects: z.array(z.looseObject({ type: z.string(), id: z.string(), pattern: z.string().optional() })),
});
const Misp = z.object({
  Event: z.object({
    uuid: z.uuid(),
    distribution: z.literal('0'),
    Attribute: z.array(z.object({ uuid: z.uuid(), type: z.string(), value: z.string(), to_ids: z.boolean() })),
  }),
});

describe('cerberus export', () => {
  it('names strangers of the level asked, what they brought and named, and nobody who is protected', async () => {
    const { objects } = Stix.parse(JSON.parse(await run('stix')));
    expect(objects.flatMap(({ pattern }) => pattern ?? []).sort()).toEqual([
      `[file:hashes.'SHA-256' = '${hash}']`,
      "[ipv4-addr:value = '9.9.9.9']",
      "[ipv6-addr:value = '2600::9']",
      "[url:value = 'http://9.9.9.9/it\\'s.sh']",
    ]);
    const grave = Stix.parse(JSON.parse(await run('stix', '--threat-level', 'HIGH')));
    expect(grave.objects.flatMap(({ pattern }) => pattern ?? [])).not.toContain("[ipv6-addr:value = '2600::9']");
  });

  it('gives the same STIX ids each time, and others in another installation', async () => {
    const ids = async () => Stix.parse(JSON.parse(await run('stix'))).objects.map(({ id }) => id);
    const first = await ids();
    expect(new Set(first).size).toBe(9);
    expect(await ids()).toEqual(first);
    await rm(join(folder, 'install.key'));
    const other = await ids();
    expect(other.filter((id) => first.includes(id))).toEqual([]);
  });

  it('lets a machine act on addresses and files, and never on a URL, which may be an innocent place', async () => {
    const { Attribute } = Misp.parse(JSON.parse(await run('misp'))).Event;
    expect(Object.fromEntries(Attribute.map(({ type, to_ids }) => [type, to_ids]))).toEqual({
      'ip-src': true,
      sha256: true,
      url: false,
    });
  });

  it('writes CSV in which a file that three addresses brought stands once', async () => {
    const [head, ...lines] = (await run('csv')).trim().split('\r\n');
    expect(head).toContain('"kind","value","threat_level","confidence"');
    expect(lines.filter((line) => line.includes(hash))).toEqual([expect.stringMatching(/"80",.*"4","3",/)]);
    expect(lines).toHaveLength(4);
  });

  it('keeps from the block feed a network that was allowed while the engine ran', async () => {
    for (const address of ['7.7.7.7', '9.9.9.9']) {
      await database.pool.query(
        `insert into blocklist (address, reason, action_id, since, until)
         values ($1, 'a test', gen_random_uuid(), now(), now() + interval '1 hour')`,
        [address],
      );
    }
    expect(await run('blocklist')).toBe('9.9.9.9\n');
  });
});

async function run(...words: string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  stderr.resume();
  const said = text(stdout);
  await exportCommand({ stdin: new PassThrough().end(), stdout, stderr }).parseAsync(words, { from: 'user' });
  stdout.end();
  return await said;
}

async function addAttacker(
  address: string,
  { high = 0, logins = 0, scanner = null as string | null, seen = yesterday },
): Promise<void> {
  await database.pool.query(
    `insert into attackers (ip_address, total_sessions, high_severity_count, successful_logins, scanner, first_seen, last_seen)
     values ($1, 3, $2, $3, $4, $5, $5)`,
    [address, high, logins, scanner, seen],
  );
}

/** In a campaign of its own. */
async function addEvidence(kind: string, value: string, witnesses: readonly string[]): Promise<void> {
  await database.pool.query(
    `with campaign as (
       insert into campaigns (id, name, first_seen, last_seen, sessions, addresses, severity, threat_score)
       values (gen_random_uuid(), 'a test', $4, $4, 2, 2, 'HIGH', 1) returning id)
     insert into campaign_evidence (campaign_id, evidence_id, kind, value, sessions, witnesses, first_seen, last_seen)
     select id, md5($1::text || $2::text)::uuid, $1, $2, 2, $3, $4, $4 from campaign`,
    [kind, value, witnesses, yesterday],
  );
}
