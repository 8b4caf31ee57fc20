import { expect, it, onTestFinished, vi } from 'vitest';
import { main } from './cli.ts';

it.each([
  [['detect', '198.51.100.1'], 'Expected HOST:PORT such as 127.0.0.1:2222, came 198.51.100.1.'],
  [['search', '--limit', '0'], 'Expected a whole number from 1'],
  [['nonsense'], "unknown command 'nonsense'"],
])('wrong usage (%j) ends with 2 and a sentence', async (argv, sentence) => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => said.mockRestore());
  expect(await main(argv)).toBe(2);
  expect(said.mock.calls.map(([text]) => text).join('')).toContain(sentence);
});
