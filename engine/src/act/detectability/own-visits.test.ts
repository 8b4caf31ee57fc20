import { describe, expect, it } from 'vitest';
import { createOwnVisits } from './own-visits.ts';

describe('our own visits', () => {
  it('are told by address and port, for a minute', () => {
    let nowMs = 0;
    const visits = createOwnVisits({ now: () => new Date(nowMs) });
    visits.note({ address: '::ffff:127.0.0.1', port: 4711 });
    expect(visits.isOne({ sourceIp: '127.0.0.1', sourcePort: 4711 })).toBe(true);
    expect(visits.isOne({ sourceIp: '127.0.0.1', sourcePort: 4712 })).toBe(false);
    expect(visits.isOne({ sourceIp: '192.0.2.1', sourcePort: 4711 })).toBe(false);
    nowMs = 60_000;
    expect(visits.isOne({ sourceIp: '127.0.0.1', sourcePort: 4711 })).toBe(false);
  });

  it('are forgotten, the oldest first, where there are too many', () => {
    const visits = createOwnVisits({ now: () => new Date(0) });
    for (let port = 1; port <= 1_001; port++) visits.note({ address: '127.0.0.1', port });
    expect([1, 2].map((sourcePort) => visits.isOne({ sourceIp: '127.0.0.1', sourcePort }))).toEqual([false, true]);
  });
});
