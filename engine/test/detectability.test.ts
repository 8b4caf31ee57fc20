import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestDecoy, type TestDecoy } from '../../decoys/test/support/decoy.ts';
import { measureDetectability } from '../src/act/detectability/measure.ts';
import { createDetectabilityStore } from '../src/store/detectability.ts';
import { type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { startProcess } from './support/engine-process.ts';

let cowrie: RealCowrie;
let decoy: TestDecoy;
let database: TestDatabase;
beforeAll(async () => {
  [cowrie, decoy, database] = await Promise.all([
    startCowrie(),
    startTestDecoy({}, { wrongPasswordMs: 1900 }),
    createTestDatabase(),
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all([cowrie?.stop(), decoy?.close(), database?.drop()]);
});

function measure(port: number, others = new Map(), signal = AbortSignal.timeout(90_000)) {
  return measureDetectability({
    ...{
      place: { host: '127.0.0.1', port },
      credentials: { username: 'root', password: 'hunter2' },
      sensor: null,
      others,
    },
    ident: 'OpenSSH_9.2p1 Debian-2+deb12u2',
    now: () => new Date(),
    signal,
  });
}

const known = (report: Awaited<ReturnType<typeof measure>>) =>
  report.tells.filter(({ weight }) => weight === 'known').map(({ id }) => id);

it('a Cowrie as it comes is given away by what it is known for', { timeout: 100_000 }, async () => {
  const report = await measure(cowrie.sshPort);
  expect(report.untested).toEqual([]);
  expect(known(report)).toEqual(
    expect.arrayContaining([
      ...['answer to another protocol', 'answer to SSH 1', 'algorithms no OpenSSH has', 'insert mode around answers'],
      ...['home by ~', 'mkdir -p', 'files between commands', 'default user', 'default hosts', 'default name'],
      ...['default processes', 'processors'],
    ]),
  );
  expect(report.score).toBe(1);
});

it('our decoy has none of these, and what it still has is said', { timeout: 100_000 }, async () => {
  const report = await measure(decoy.port);
  expect(report.untested).toEqual([]);
  expect(report.tells.filter(({ weight }) => weight === 'known')).toEqual([]);
  expect(report.tells.map(({ id }) => id)).toEqual(['algorithms and banner']);
});

it('a visit that is stopped in the middle of its commands ends at once, so that the engine can', {
  timeout: 40_000,
}, async () => {
  const stopping = new AbortController();
  const visiting = measure(decoy.port, new Map(), stopping.signal);
  const typed = () => decoy.events().filter(({ eventid }) => eventid === 'cowrie.command.input').length;
  const before = typed();
  await vi.waitUntil(() => typed() > before + 1, 25_000);
  const stoppedAt = performance.now();
  stopping.abort(new Error('the engine stops'));
  await expect(visiting).rejects.toThrow();
  expect(performance.now() - stoppedAt).toBeLessThan(5_000);
});

it('silence gets no score', { timeout: 30_000 }, async () => {
  const silent = await listen(() => undefined);
  await expect(measure(silent.port)).rejects.toThrow('nothing answers there as an SSH server does');
  silent.close();
});

it('an address that is neither loopback nor ours is refused before any is visited', { timeout: 30_000 }, async () => {
  let visits = 0;
  const ours = await listen(() => visits++);
  const detect = startProcess(['detect', `127.0.0.1:${ours.port}`, '192.0.2.9:22'], {});
  expect(await detect.untilEnd()).toBe(1);
  expect(detect.said()).toMatch(
    /^cerberus: This target may not be visited\. 192\.0\.2\.9 is neither loopback nor [^\n]+\n$/,
  );
  expect(visits).toBe(0);
  ours.close();
});

it('two sensors that share a host key or a machine id are twins, and reports are kept with their time', {
  timeout: 100_000,
}, async () => {
  const first = await measure(decoy.port);
  const store = createDetectabilityStore(database.pool);
  await store.insert('one', first);
  const again = await measure(decoy.port, new Map(await store.marksOfOthers('two')));
  expect(known(again)).toEqual(['twin of another sensor']);
  await store.insert('two', again);
  expect((await store.list(undefined)).map(({ at }) => at)).toEqual([first.at, again.at]);
  expect(await store.list('two')).toEqual([again]);
});

async function listen(onVisit: () => void) {
  const server = createServer(onVisit).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, close: () => server.close() };
}
