import { join } from 'node:path';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { describe, expect, it } from 'vitest';
import { loadVisitJudge } from '../load-visit-judge.ts';
import { afterEvent, startSession } from '../session-state.ts';
import { reputationFeatures, visitRow, visitRowFeatures } from './visit-row.ts';
import { createVisitTally } from './visit-tally.ts';

const judge = loadVisitJudge(join(import.meta.dirname, '../../../../models'));
const bot = ['cat /proc/cpuinfo | grep name | wc -l', 'uname -a', 'free -m', 'which ls', 'crontab -l', 'w', 'uname -m'];
const channelEnd = { kind: 'recording', path: 'tty/a', durationMs: 900 } as const;
const person = ['ls', 'cd ..', 'ls -la', 'cd /home', 'ls', 'cat notes.txt', 'cat note.txt', 'man ls', 'clear', 'pwd'];

describe('a session that is over', () => {
  it('tells a person who reads and mends from a script that waits for nothing', () => {
    const slowly = typed(person, 9_000);
    const atOnce = typed(bot, 20);
    expect(judge.whole(slowly).actor).toBe('human');
    expect(judge.whole(atOnce).actor).toBe('script');
    expect(judge.whole(slowly).actorScore).toBeGreaterThan(judge.whole(atOnce).actorScore ?? 1);
  });

  it('is a program where every command came in a channel of its own, however long it waited between them', () => {
    const slowly = typed(person, 9_000);
    const apart = slowly.flatMap((event) => [event, { ...event, detail: channelEnd }]);
    expect(judge.whole(apart)).toMatchObject({ actor: 'script', actorScore: 0 });
    const state = apart.reduce((before, event) => after(before, event), startSession(first(apart)));
    expect(judge.soFar(state).actor).toBe('script');
    expect(judge.whole([...slowly, { ...first(slowly), detail: channelEnd }]).actor).toBe('human');
  });

  it('is newer where its statements were never seen, and says nothing of what was not typed', () => {
    const strange = typed(['zfs-unmangle --deep /srv/qq', 'frobnicate -x @7', 'tar-of-babel --spin'], 500);
    expect(judge.whole(strange).novelty).toBeGreaterThan(judge.whole(typed(bot, 20)).novelty ?? 1);
    const guesses = Array.from({ length: 9 }, (_, at) => anEvent(at * 100, login('root', `guess${at}`)));
    expect(judge.whole(guesses)).toMatchObject({ actor: null, actorScore: null, novelty: null });
  });

  it('ranks a long visit of odd credentials and encoded words as less like every day than a usual one', () => {
    const usual = [anEvent(0, login('root', '123456')), ...typed(bot, 100)];
    const odd = [
      anEvent(0, login('zebra.quux', 'h0pp!ty-Gloam')),
      ...typed(
        Array.from({ length: 60 }, (_, at) => `printf '\\x${at}\\x41' >> /srv/.q${at}`),
        40_000,
      ),
    ];
    expect(judge.whole(odd).anomalyScore).toBeGreaterThan(judge.whole(usual).anomalyScore);
    expect(judge.whole(odd).anomalyWhy).toMatch(/a length of 39 min \(\d+ % with a length of/);
  });

  it('gives one number per feature, all of them finite, for an empty session too', () => {
    for (const events of [[], typed(bot, 0), [anEvent(0, login('__proto__', ''))]]) {
      const row = visitRow(events, () => 0.5);
      expect(row).toHaveLength(visitRowFeatures.length + reputationFeatures.length);
      expect([...row].every(Number.isFinite)).toBe(true);
    }
    expect([didSomething([]), didSomething(typed(['w'], 0))]).toEqual([false, true]);

    function didSomething(events: readonly SensorEvent[]): boolean {
      const tally = createVisitTally(() => 0.5);
      for (const event of events) tally.add(event);
      return tally.didSomething();
    }
  });
});

describe('a session that is under way', () => {
  it('is told from the commands and times that its state remembers, as when it is over', () => {
    const events = typed(person, 9_000);
    const state = events.reduce((before, event) => after(before, event), startSession(first(events)));
    expect(state.recentEpochsMs).toEqual(events.map(({ epochMs }) => epochMs));
    expect(judge.soFar(state)).toEqual({
      actor: 'human',
      novelty: judge.whole(events).novelty,
    });
  });

  it('says nothing of the actor before four commands, and nothing at all before the first', () => {
    const [one] = typed(['uname -a'], 0);
    const fresh = startSession(first(typed(bot, 0)));
    expect(judge.soFar(fresh)).toEqual({ actor: null, novelty: null });
    expect(judge.soFar(after(fresh, one))).toMatchObject({ actor: null, novelty: expect.any(Number) });
  });

  it('remembers no times where it began before times were remembered, rather than wrong ones', () => {
    const { recentEpochsMs: _, ...old } = after(startSession(first(typed(bot, 0))), typed(['w'], 5)[0]);
    expect(after(old, typed(['id'], 7)[0]).recentEpochsMs).toBeUndefined();
  });
});

function after(state: ReturnType<typeof startSession>, event: SensorEvent | undefined) {
  if (event === undefined) return state;
  return afterEvent(state, event, { severity: 'LOW', threatScore: 0, techniques: [] });
}

function first(events: readonly SensorEvent[]): SensorEvent {
  return events[0] ?? anEvent(0, { kind: 'generic' });
}

function typed(commands: readonly string[], pauseMs: number): SensorEvent[] {
  return commands.map((input, at) => anEvent(1000 + at * pauseMs, { kind: 'command', phase: 'typed', input }));
}

function login(username: string, password: string): SensorEvent['detail'] {
  return { kind: 'login', succeeded: false, username, password };
}

function anEvent(atMs: number, detail: SensorEvent['detail']): SensorEvent {
  const epochMs = Date.UTC(2026, 10, 20, 12) + atMs;
  return {
    id: '01939d5e-0000-7000-8000-000000000000',
    eventType: 'test',
    timestamp: new Date(epochMs).toISOString(),
    epochMs,
    sensor: 'sensor-a',
    sessionId: 's1',
    protocol: 'ssh',
    sourceIp: '198.51.100.1',
    sourcePort: 1,
    late: false,
    detail,
  };
}
