import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutbox } from './outbox.ts';

describe('the outbox of one client', () => {
  it('sends one message at once, and what gathers meanwhile in one frame', async () => {
    const sink = createSink();
    const outbox = createOutbox(sink);
    outbox.add('1');
    await turn();
    expect(sink.frames).toEqual(['[1]']);
    outbox.add('2');
    outbox.add('3');
    await turn();
    expect(sink.frames).toEqual(['[1]']);
    sink.acknowledge();
    expect(sink.frames).toEqual(['[1]', '[2,3]']);
  });

  it('a client that takes nothing costs its bound and is told how many it missed', async () => {
    const sink = createSink();
    const outbox = createOutbox(sink, { messagesMax: 3, charactersMax: 1000 });
    outbox.add('0');
    await turn();
    for (let message = 1; message <= 10; message++) outbox.add(String(message));
    expect(outbox.waiting).toBe(3);
    sink.acknowledge();
    expect(sink.frames.at(-1)).toBe('[{"type":"lag","dropped":7},8,9,10]');
  });

  it('is bounded in characters too, but always keeps the newest', async () => {
    const sink = createSink();
    const outbox = createOutbox(sink, { messagesMax: 100, charactersMax: 10 });
    outbox.add('"aaaaaaa"');
    outbox.add('"bbbbbbbbbbbbbbbbbbbbb"');
    await turn();
    expect(sink.frames).toEqual(['[{"type":"lag","dropped":1},"bbbbbbbbbbbbbbbbbbbbb"]']);
  });

  it('stops for good where the connection broke', async () => {
    const sink = createSink();
    const outbox = createOutbox(sink);
    outbox.add('1');
    await turn();
    sink.acknowledge(new Error('gone'));
    outbox.add('2');
    await turn();
    expect(sink.frames).toEqual(['[1]']);
  });

  it('every message is sent in order or counted as dropped, whatever the pace', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('add', 'acknowledge', 'turn'), { maxLength: 200 }), async (steps) => {
        const sink = createSink();
        const outbox = createOutbox(sink, { messagesMax: 5, charactersMax: 1000 });
        let added = 0;
        for (const step of steps) {
          if (step === 'add') outbox.add(String(added++));
          else if (step === 'acknowledge') sink.acknowledge();
          else await turn();
        }
        for (let left = 0; left < 50; left++) {
          await turn();
          sink.acknowledge();
        }
        let next = 0;
        for (const message of sink.frames.flatMap((frame) => JSON.parse(frame))) {
          if (typeof message === 'number') expect(message).toBe(next++);
          else next += message.dropped;
        }
        expect(next).toBe(added);
      }),
      { numRuns: 50 },
    );
  });
});

function createSink() {
  const frames: string[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  return {
    frames,
    send(frame: string, done: (error?: Error) => void) {
      frames.push(frame);
      waiting.push(done);
    },
    acknowledge: (error?: Error) => waiting.shift()?.(error),
  };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
