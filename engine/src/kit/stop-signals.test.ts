import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { onStopSignals } from './stop-signals.ts';

it('one Ctrl-C that arrives twice is one wish; one more after a second is hurry', () => {
  const { source, heard, wait } = listen();
  source.emit('SIGINT', 'SIGINT');
  wait(5);
  source.emit('SIGINT', 'SIGINT');
  source.emit('SIGTERM', 'SIGTERM');
  expect(heard).toEqual(['stop SIGINT']);
  wait(2000);
  source.emit('SIGINT', 'SIGINT');
  expect(heard).toEqual(['stop SIGINT', 'hurry SIGINT']);
});

it('listens no longer when told so', () => {
  const { source, heard, end } = listen();
  end();
  source.emit('SIGTERM', 'SIGTERM');
  expect(heard).toEqual([]);
  expect(source.eventNames()).toEqual([]);
});

function listen() {
  const source = new EventEmitter();
  const heard: string[] = [];
  let nowMs = 1_000_000;
  const end = onStopSignals({
    source,
    clock: { now: () => new Date(nowMs) },
    stop: (signal) => heard.push(`stop ${signal}`),
    hurry: (signal) => heard.push(`hurry ${signal}`),
  });
  function wait(ms: number): void {
    nowMs += ms;
  }
  return { source, heard, end, wait };
}
