import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateBody, openPushedBody } from './pushed-lines.ts';

const sourceId = 'pushed by test';
/** Lines of every length, so that bodies have several batches and lines cross their borders. */
const bodies = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.nat(90_000).map((length) => 'x'.repeat(length)),
    ),
    { maxLength: 12 },
  )
  .map((lines) => Buffer.from(lines.join('\n')));

describe('a pushed body', () => {
  it('is covered to its last byte by its lines, in batches that say how far', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const { batches } = openPushedBody({ sourceId, body, key: 'k', position: null });
        let covered = 0;
        for (const { lines, readBytes, position } of batches) {
          expect(lines.reduce((sum, line) => sum + line.coveredBytes, 0)).toBe(readBytes);
          covered += readBytes;
          expect(position).toMatchObject({ requests: [{ key: 'k', durableBytes: covered }] });
        }
        expect(covered).toBe(body.length);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on behind any batch that became durable, and gives the same lines', () => {
    fc.assert(
      fc.property(bodies, fc.nat(4), (body, durable) => {
        const whole = [...openPushedBody({ sourceId, body, key: 'k', position: null }).batches];
        const done = whole.slice(0, durable);
        const position: unknown = JSON.parse(JSON.stringify(done.at(-1)?.position ?? null));
        const rest = openPushedBody({ sourceId, body, key: 'k', position });
        expect(rest.skippedBytes).toBe(done.reduce((sum, batch) => sum + batch.readBytes, 0));
        const lines = [...done, ...rest.batches].flatMap((batch) => batch.lines);
        expect(lines).toEqual(whole.flatMap((batch) => batch.lines));
      }),
      { numRuns: 60 },
    );
  });

  it('remembers the latest 64 keys, also over requests that have none', () => {
    let position: unknown;
    const push = (key: string | undefined, body: string) => {
      const pushed = openPushedBody({ sourceId, body: Buffer.from(body), key, position });
      for (const batch of pushed.batches) position = batch.position ?? position;
      return pushed.skippedBytes;
    };
    for (let index = 0; index < 65; index++) push(`key ${index}`, `line ${index}`);
    push(undefined, 'no key');
    expect(push('key 64', 'line 64')).toBe('line 64'.length);
    expect(push('key 1', 'line 1')).toBe('line 1'.length);
    expect(push('key 0', 'line 0')).toBe(0);
    expect(() => push('key 64', 'another')).toThrow('with another body before');
  });

  it('is inflated up to a bound and only when it is whole', async () => {
    const sent = gzipSync(Buffer.alloc(1000, 'a'));
    expect(await inflateBody(sent, 1000)).toHaveLength(1000);
    await expect(inflateBody(sent, 999)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
    await expect(inflateBody(sent.subarray(0, -9), 1000)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(inflateBody(Buffer.from('plain'), 1000)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});
