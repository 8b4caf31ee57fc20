import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DropObject, oldestFirst, openDropStand } from './drop-stand.ts';

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 9, 1);

it('each object is read once, however listings, restarts and late uploads fall', () => {
  const steps = fc.array(
    fc.record({
      afterSeconds: fc.integer({ min: 0, max: 4 * 3600 }),
      /** An upload may have begun so long before it is shown. */
      lateSeconds: fc.integer({ min: 0, max: 5 * 3600 }),
      isRestart: fc.boolean(),
      readAtOnce: fc.integer({ min: 0, max: 4 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      let nowMs = startMs;
      let stand = openDropStand(undefined);
      const bucket: DropObject[] = [];
      const read: string[] = [];
      for (const [at, step] of all.entries()) {
        nowMs += step.afterSeconds * 1000;
        bucket.push(anObject(`${at % 7}/${at}`, nowMs - step.lateSeconds * 1000));
        if (step.isRestart) stand = openDropStand(JSON.parse(JSON.stringify(stand.nextPosition())));
        look(step.readAtOnce);
      }
      look(bucket.length);
      expect(read.toSorted()).toEqual(bucket.map(({ key }) => key).toSorted());

      function look(objects: number): void {
        const unread = bucket.filter((object) => !stand.isRead(object)).sort(oldestFirst);
        for (const object of unread.slice(0, objects)) {
          read.push(object.key);
          stand.finish(object, nowMs);
        }
      }
    }),
  );
});

it('what is remembered of a folder stays small, and all of it stays read', () => {
  const stand = openDropStand(undefined);
  const objects = Array.from({ length: 12_000 }, (_, at) => anObject(`${at}`, startMs + at * 1000));
  for (const object of objects) stand.finish(object, startMs + 4 * hourMs);
  expect(objects.every(stand.isRead)).toBe(true);
  expect(stand.nextPosition().read.length).toBeLessThanOrEqual(5_000);
  expect(stand.isRead(anObject('new', startMs + 12_000 * 1000))).toBe(false);
});

it('another content under the same name is another object, and no two positions are the same', () => {
  const stand = openDropStand({ some: 'thing' });
  const object = anObject('a', startMs);
  stand.reach(object, 17);
  expect(stand.durableTextBytes(object)).toBe(17);
  expect(stand.durableTextBytes({ ...object, etag: 'other' })).toBe(0);
  stand.finish(object, startMs);
  expect(stand.isRead(object)).toBe(true);
  expect(stand.isRead({ ...object, etag: 'other' })).toBe(false);
  expect(stand.nextPosition()).not.toEqual(stand.nextPosition());
});

function anObject(key: string, modifiedMs: number): DropObject {
  return { key, etag: '"1"', modifiedMs: Math.floor(modifiedMs / 1000) * 1000, bytes: 1, storageClass: 'STANDARD' };
}
