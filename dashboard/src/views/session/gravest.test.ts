import { describe, expect, it } from 'vitest';
import { gravestOf } from './gravest.ts';

describe('the gravest of a session’s events', () => {
  it.each([
    { events: [], at: -1, description: 'is none of none' },
    { events: [of('LOW', 0.9), of('HIGH', 0.1)], at: 1, description: 'is told by its severity before its score' },
    { events: [of('HIGH', 0.8), of('HIGH', 0.9)], at: 1, description: 'has the highest score of its severity' },
    { events: [of('HIGH', 0.8), of('HIGH', 0.8)], at: 0, description: 'is the first of equals' },
    { events: [of('UNKNOWN', null), of('LOW', null)], at: 1, description: 'is one that a model has judged' },
  ])('$description', ({ events, at }) => {
    expect(gravestOf(events)).toBe(events[at]);
  });
});

function of(severity: string, threat_score: number | null) {
  return { severity, threat_score };
}
