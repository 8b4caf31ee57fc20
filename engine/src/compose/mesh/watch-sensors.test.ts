import type { Heartbeat } from '@cerberusmesh/contract/mesh';
import type { Notice } from '@cerberusmesh/contract/notice';
import { expect, it } from 'vitest';
import { createTestClock } from '../../serve/support/test-clock.ts';
import type { WatchedSensor } from '../../store/mesh-sensors.ts';
import { createSensorWatch } from './watch-sensors.ts';

const start = new Date('2026-11-22T10:00:00Z');
const bounds = { silentSeconds: 120, quietHours: 24 };

it.each([
  ['was not heard of', 'silent', { lastSeen: before(121) }],
  ['was enrolled and never came', 'silent', { lastSeen: null, heartbeat: null, enrolledAt: before(121) }],
  ['cannot read its log', 'log', { heartbeat: beat({ log: { active: false, problem: 'no rights' } }) }],
  ['has a spool that is nearly full', 'spool', { heartbeat: beat({ spool: { bytes: 95, bytesMax: 100 } }) }],
  ['has a clock that is a minute wrong', 'clock', { clockSkewMs: -61_000 }],
  ['is up and sees nothing', 'quiet', { lastStoredAt: before(86_401) }],
  ['is up and never saw anything', 'quiet', { lastStoredAt: null, enrolledAt: before(86_401) }],
])('a sensor that %s is told of once, and once that it is well again', async (_what, kind, trouble) => {
  const rig = aWatch({ ...well, ...trouble });
  await rig.watch.look();
  await rig.watch.look();
  expect(rig.told).toMatchObject([
    { group: `sensor:north-1:${kind}`, severity: 'MEDIUM', where: { sensor: 'north-1' } },
  ]);
  const [shown] = rig.watch.watched();
  expect(shown).toMatchObject({ sensor: 'north-1', active: kind !== 'silent' && kind !== 'log' });
  expect(shown?.problem).toContain('north-1');
  rig.become(well);
  await rig.watch.look();
  await rig.watch.look();
  expect(rig.told.slice(1)).toMatchObject([{ group: 'sensor:north-1:well', severity: 'LOW' }]);
  expect(rig.watch.watched()[0]?.problem).toBeUndefined();
});

it('of two hubs on one database one tells', async () => {
  const rig = aWatch({ ...well, lastSeen: before(500) });
  await Promise.all([rig.watch.look(), rig.another().look()]);
  expect(rig.told).toHaveLength(1);
});

it('what a sensor says of its trouble reaches people as plain text', async () => {
  const log = { active: false, problem: '\u001b[31m<b>http://evil.example' };
  const rig = aWatch({ ...well, heartbeat: beat({ log }) });
  await rig.watch.look();
  expect(rig.told[0]?.why).not.toContain('\u001b');
});

const well: WatchedSensor = {
  ...{ sensor: 'north-1', enrolledAt: before(100), lastSeen: before(5), heartbeat: beat({}), clockSkewMs: 20 },
  ...{ alert: null, lastStoredAt: before(60) },
};

function aWatch(first: WatchedSensor) {
  let row = first;
  const told: Notice[] = [];
  const parts = {
    sensors: {
      listWatched: async () => [row],
      async setAlert(_sensor: string, from: string | null, to: string | null) {
        if (row.alert !== from) return false;
        row = { ...row, alert: to };
        return true;
      },
    },
    bounds,
    tell: async (notice: Notice) => void told.push(notice),
    clock: createTestClock(start),
    log: { info: () => undefined, warn: () => undefined },
  };
  return {
    told,
    watch: createSensorWatch(parts),
    another: () => createSensorWatch(parts),
    become: (next: WatchedSensor) => {
      row = { ...next, alert: row.alert };
    },
  };
}

function beat({ log, spool }: { log?: Partial<Heartbeat['log']>; spool?: Heartbeat['spool'] }): Heartbeat {
  const at = start.toISOString();
  return {
    ...{ version: '0', sentAt: at, startedAt: at, prepared: false, rssBytes: 0, lost: { times: 0, bytes: 0 } },
    log: { active: true, unreadBytes: 0, lastLineAt: null, problem: null, ...log },
    spool: spool ?? { bytes: 0, bytesMax: 100 },
  };
}

function before(seconds: number): Date {
  return new Date(start.getTime() - seconds * 1000);
}
