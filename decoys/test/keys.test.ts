import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sshOptions } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';
import { talk } from './support/talk.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy();
});
afterAll(() => test?.close());

const prompt = /:~# $/;
const longLine = 'a'.repeat(16_000);

// Before keys were taken in turns and what is recalled was bounded, 32,000 such keys held it for 3 and 6 s, and the third ended it.
it.each([
  ['Tab, thousands of times', '\t'.repeat(3000)],
  ['a search that finds a long line, again and again', `: ${longLine}\n${'\x12a'.repeat(10_000)}`],
  ['a line of nothing but older ones', `: ${longLine}\n: ${'!!'.repeat(7000)}\n: ${'!!'.repeat(7000)}`],
  ['the beginning of hundreds of things', 'if :;then\n'.repeat(500)],
])('%s holds nobody else up, and the shell goes on', { timeout: 60_000 }, async (_name, keys) => {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const shown = await talk(
    'ssh',
    [...sshOptions, '-tt', '-p', String(test.port), 'root@127.0.0.1'],
    [
      [prompt, ': begin'],
      [prompt, `${keys}\x03`],
      [prompt, 'echo go""es on; exit'],
    ],
  );
  delay.disable();
  expect(shown).toContain('goes on\r\n');
  expect(delay.max / 1e6).toBeLessThan(500);
});
