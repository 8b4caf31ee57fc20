import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { describe, expect, it } from 'vitest';
import { createThinning } from './thinning.ts';

describe('what the live list shows of a flood', () => {
  it('is of each update the newest few above what stood there, and everything again when it is over', () => {
    const thinning = createThinning();
    const calm = events(3);
    expect(thinning.next(calm, false)).toEqual(calm);
    const first = thinning.next(events(150), true);
    expect(ids(first)).toEqual([149, 148, 147, 146, 145, 144, 143, 142, 2, 1, 0]);
    const second = thinning.next(events(152), true);
    expect(ids(second)).toEqual([151, 150, ...ids(first)]);
    expect(thinning.next(events(152), true)).toEqual(second);
    for (let update = 2; update < 9; update++) thinning.next(events(update * 100), true);
    expect(thinning.next(events(900), true)).toHaveLength(20);
    expect(thinning.next(events(900), false)).toEqual(events(900));
  });
});

function ids(shown: readonly EventSummary[]): number[] {
  return shown.map(({ id }) => Number(id));
}

/** Newest first; their ids count up. */
function events(count: number): EventSummary[] {
  const event: EventSummary = {
    id: '',
    event_type: 'cowrie.command.input',
    timestamp: '2026-11-22T10:00:00Z',
    sensor: 'sensor-a',
    session_id: 's',
    protocol: 'ssh',
    source_ip: '198.51.100.7',
    source_port: 1,
    command: 'w',
    username: null,
    password: null,
    shortened: false,
    severity: 'LOW',
    threat_score: 0,
    anomaly_score: 0,
    attack_type: null,
    confidence: null,
    techniques: [],
    why: null,
    is_analyzed: true,
    is_probe: false,
  };
  return Array.from({ length: count }, (_, at) => ({ ...event, id: String(count - 1 - at) }));
}
