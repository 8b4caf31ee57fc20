import { SessionDetails, SessionPage, SessionQuery } from '@cerberusmesh/contract/api-sessions';
import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { Severity } from '@cerberusmesh/contract/severity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSession } from '../src/assess/assess.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { createSessionFolder } from '../src/compose/fold-sessions.ts';
import { systemClock } from '../src/kit/clock.ts';
import { readStoredEvents } from '../src/store/learning/stored-events.ts';
import { writeReassessed } from '../src/store/learning/write-reassessed.ts';
import { createCampaignReads } from '../src/store/read/campaigns.ts';
import { createNoveltyReads } from '../src/store/read/novelty.ts';
import { createReader } from '../src/store/read/reader.ts';
import { createSessionReads } from '../src/store/read/sessions.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

const key = `AAAAB3NzaC1yc2EAAAADAQABAAABAQ${'Cq7'.repeat(60)}`;
const planting = ['cd ~', `mkdir -p .ssh; echo "ssh-rsa ${key} x" >> .ssh/authorized_keys`, 'chmod 700 .ssh', 'w'];

describe('folding sessions that ended', () => {
  let database: TestDatabase;
  let visits: number;
  beforeEach(async () => {
    database = await createTestDatabase();
    visits = 0;
  });
  afterEach(() => database.drop());

  it('joins visits that plant one key, says by what, and folds nothing twice', async () => {
    await visit({ ip: '198.51.100.1', commands: planting });
    await visit({ ip: '198.51.100.2', commands: ['uname -a', ...planting] });
    await visit({ ip: '198.51.100.3', commands: ['uname -a'] });
    expect(await foldAll()).toEqual({ sessions: 3, members: 2 });
    expect(await foldAll()).toEqual({ sessions: 0, members: 0 });
    const [campaign] = await campaigns();
    expect(campaign).toMatchObject({ sessions: 2, addresses: 2, sensors: ['sensor-a'] });
    const { members, evidence, joined_by } = await details(campaign?.id);
    expect(members.data.map(({ why }) => why[0]?.kind)).toEqual(['key', undefined]);
    expect(evidence[0]).toMatchObject({ kind: 'key', sessions: 2, witnesses: 2, campaigns: 0 });
    // The one that began it has no reason of its own.
    expect(joined_by).toContainEqual({ kind: 'key', sessions: 1, value: evidence[0]?.value, values: 1 });
  });

  it('reads the beginning of what is long', async () => {
    await visit({ ip: '198.51.100.1', commands: planting });
    const long = await visit({
      ip: '198.51.100.2',
      commands: planting.map((line) => `${line} # ${'x'.repeat(20_000)}`),
    });
    await say(long, '198.51.100.2', [{ eventid: 'cowrie.direct-tcpip.data', data: 'x'.repeat(40_000), id: 1 }]);
    expect(await foldAll()).toEqual({ sessions: 2, members: 2 });
    expect(await campaigns()).toMatchObject([{ sessions: 2, addresses: 2 }]);
  });

  it('goes on with a campaign in a process that has never seen it, and folds a session again when a late event comes', async () => {
    await visit({ ip: '198.51.100.1', commands: planting });
    await foldAll();
    const late = await visit({ ip: '198.51.100.2', commands: planting, close: true });
    await foldAll();
    await say(late, '198.51.100.2', [{ eventid: 'cowrie.log.closed', ttylog: 'x', size: 1, duration_ms: 5 }]);
    expect(await foldAll()).toEqual({ sessions: 1, members: 0 });
    expect(await campaigns()).toMatchObject([{ sessions: 2 }]);
    expect(await rows(`select sessions::int from shapes where kind = 'session'`)).toEqual([{ sessions: 2 }]);
  });

  it('says of each session who was there and how unlike it was, and shows it with its origin', async () => {
    const bot = await visit({ ip: '198.51.100.1', commands: [...planting, 'uname -a', 'nproc'] });
    const open = await visit({ ip: '198.51.100.1', commands: planting, close: false });
    await foldAll();
    await database.pool.query(`update attackers set country = 'NL', asn = 64500, as_name = 'Example'`);
    const sessions = createSessionReads(createReader(database.pool));
    const page = await sessions.listSessions(SessionQuery.parse({}), new Date());
    const of = (id: string) => page.data.find(({ session_id }) => session_id === id);
    expect(SessionPage.parse(page)).toEqual(page);
    expect(of(bot)).toMatchObject({
      actor: 'script',
      actor_score: expect.any(Number),
      anomaly_score: expect.any(Number),
      novelty: expect.any(Number),
      origin: { country: 'NL', asn: 64500, as_name: 'Example' },
    });
    expect(of(open)).toMatchObject({ actor: null, anomaly_score: null, novelty: null });
    const strange = await visit({ ip: '198.51.100.9', commands: ['frobnicate -x @7', 'tar-of-babel --spin'] });
    await foldAll();
    const told = await sessions.findSession(strange, { limit: 5 });
    expect(SessionDetails.parse(told).novelty_why).toContain('“frobnicate -x WORD”: a command that was never seen');
  });

  it('has the severity of its members after these were assessed again, lower ones too', async () => {
    await visit({ ip: '198.51.100.1', commands: planting });
    await visit({ ip: '198.51.100.2', commands: planting });
    await foldAll();
    await assessAgain('HIGH', 0.9);
    expect(await campaigns()).toMatchObject([{ severity: 'HIGH' }]);
    await assessAgain('LOW', 0.1, '198.51.100.1');
    expect(await campaigns()).toMatchObject([{ severity: 'HIGH' }]);
    await assessAgain('LOW', 0.1);
    expect(await campaigns()).toMatchObject([{ severity: 'LOW', threat_score: expect.closeTo(0.1) }]);
  });

  it('melts two campaigns that one payload shows to be one: the older survives and the younger leads there', async () => {
    const [a, b] = ['a', 'b'].map((letter) => letter.repeat(64));
    await visit({ ip: '198.51.100.1', payloads: [a ?? ''] });
    await foldAll();
    await visit({ ip: '198.51.100.2', payloads: [b ?? ''] });
    await foldAll();
    const [younger, older] = await campaigns(1);
    await visit({ ip: '198.51.100.3', payloads: [a ?? '', b ?? ''] });
    await foldAll();
    expect(await campaigns(1)).toMatchObject([{ id: older?.id, sessions: 3, addresses: 3 }]);
    const found = await details(younger?.id);
    expect(found.id).toBe(older?.id);
    expect(found.merged).toMatchObject([
      {
        id: younger?.id,
        why: { reasons: expect.arrayContaining([expect.objectContaining({ kind: 'payload', value: b })]) },
      },
    ]);
    expect(found.members.data).toHaveLength(3);
  });

  it('knows whether any sensor has seen a shape before', async () => {
    const first = await visit({ ip: '198.51.100.1', commands: ['id', 'uname -a', 'cat /proc/version'] });
    const second = await visit({
      ip: '198.51.100.2',
      sensor: 'sensor-b',
      commands: ['id', 'uname -a', 'cat /proc/version'],
    });
    await foldAll();
    const kin = await Promise.all([first, second].map(async (id) => await reads().findKin(await rowId(id))));
    expect(kin.map(({ shape }) => [shape?.is_new, shape?.sessions, shape?.sensors])).toEqual([
      [true, 2, ['sensor-a', 'sensor-b']],
      [false, 2, ['sensor-a', 'sensor-b']],
    ]);
    expect(kin[1]?.similar.map(({ session_id }) => session_id)).toEqual([first]);
    const listed = await reads().listNovelty({ kind: 'statement', limit: 10, from: '2026-11-22' }, new Date());
    expect(listed.data.map(({ shape }) => shape).sort()).toEqual(['cat /proc/version', 'id', 'uname -a']);
  });

  it('keeps hostile text as text: __proto__, NUL and half a character cost nobody anything', async () => {
    const hostile = [
      '__proto__ constructor',
      "printf '\\0\\xff' | sh",
      `echo ${'\u{1F600}'.repeat(9_000)}`,
      '/bin/busybox __proto__',
      'x'.repeat(900_000),
    ];
    await visit({ ip: '__proto__', commands: hostile });
    await visit({ ip: '198.51.100.2', commands: [...hostile, ...planting] });
    expect((await foldAll()).sessions).toBe(2);
    expect(await foldAll()).toEqual({ sessions: 0, members: 0 });
  });

  it('leaves open sessions, probes and sessions of another folder alone', async () => {
    await visit({ ip: '198.51.100.1', commands: planting, close: false });
    expect(await foldAll()).toEqual({ sessions: 0, members: 0 });
    await visit({ ip: '198.51.100.2', commands: planting });
    const folders = await Promise.all([1, 2, 3].map(() => folder()()));
    expect(folders.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(1);
  });

  async function assessAgain(severity: Severity, threatScore: number, ip?: string): Promise<void> {
    const everything = { fromId: eventIdFloor(0), after: false, toId: eventIdFloor(4e12), limit: 1000 };
    const events = await readStoredEvents(database.pool, everything);
    const rest = { anomalyScore: 0, attackType: 'none', confidence: 1, why: 'test', techniques: [], partial: false };
    const assessment = { severity, threatScore, ...rest, modelVersion: 'test' };
    const chosen = events.filter(({ sourceIp }) => ip === undefined || sourceIp === ip);
    await database.transaction((client) =>
      writeReassessed(
        client,
        chosen.map((event) => ({ event, assessment, typed: null })),
      ),
    );
  }

  function folder() {
    return createSessionFolder({ database, clock: systemClock, timeZone: 'UTC' });
  }

  async function foldAll() {
    const foldOnce = folder();
    const total = { sessions: 0, members: 0 };
    for (let report = await foldOnce(); report.sessions > 0; report = await foldOnce()) {
      total.sessions += report.sessions;
      total.members += report.members;
    }
    return total;
  }

  /** Answers the honeypot's session id. */
  async function visit(options: {
    ip: string;
    sensor?: string;
    commands?: readonly string[];
    payloads?: readonly string[];
    close?: boolean;
  }): Promise<string> {
    const session = `s${++visits}`;
    const { ip, commands = [], payloads = [], close = true, sensor = 'sensor-a' } = options;
    await say(
      session,
      ip,
      [
        { eventid: 'cowrie.session.connect' },
        { eventid: 'cowrie.login.success', username: 'root', password: session },
        ...commands.map((input) => ({ eventid: 'cowrie.command.input', input })),
        ...payloads.map((shasum) => ({ eventid: 'cowrie.session.file_download', shasum, url: '' })),
        ...(close ? [{ eventid: 'cowrie.session.closed', duration_ms: 5 }] : []),
      ],
      sensor,
    );
    return session;
  }

  async function say(session: string, ip: string, events: readonly object[], sensor = 'sensor-a'): Promise<void> {
    const { onLines } = composePipeline({
      database,
      clock: systemClock,
      timeZone: 'UTC',
      assess: (_event, state) => ({ assessment: null, session: state }),
      startSession,
      isProbe: () => false,
      assessFailed: (_event, error) => {
        throw error;
      },
    });
    const lines = events.map((event, at) => {
      const timestamp = new Date(Date.UTC(2026, 10, 22, 0, visits, at)).toISOString().replace('Z', '000Z');
      const text = JSON.stringify({ ...event, session, src_ip: ip, sensor, timestamp });
      return { text, coveredBytes: text.length + 1 };
    });
    const batch: LineBatch = {
      sourceId: 'test',
      lines,
      position: {},
      readBytes: lines.reduce((sum, line) => sum + line.coveredBytes, 0),
    };
    await onLines(batch, { sourceId: 'test', kind: 'file', place: 'a file' });
  }

  function reads() {
    const reader = createReader(database.pool);
    return { ...createCampaignReads(reader), ...createNoveltyReads(reader) };
  }

  async function campaigns(min_sessions = 2) {
    return (await reads().listCampaigns({ min_sessions, limit: 100 })).data;
  }

  async function details(id: string | undefined) {
    const found = await reads().findCampaign(id ?? '', { limit: 100 });
    if (found === undefined) throw new Error('no such campaign');
    return found;
  }

  async function rowId(session: string): Promise<string> {
    const {
      rows: [row],
    } = await database.pool.query<{ id: string }>('select id from sessions where session_id = $1', [session]);
    return row?.id ?? '';
  }

  async function rows(text: string): Promise<unknown[]> {
    return (await database.pool.query(text)).rows;
  }
});
