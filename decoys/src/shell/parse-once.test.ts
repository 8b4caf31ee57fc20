import { expect, it } from 'vitest';
import { parseOnce } from './parse-once.ts';
import { isUnfinished } from './statements.ts';
import { wantsInput } from './wants-input.ts';

// Without a deadline these took 7 to 33 s, for which nobody else on the decoy was answered.
it.each(['[', '[[', '{', 'sudo ', 'busybox ', '(*'])(
  'a line of 65,000 characters that is made to take long holds the listening thread no second: %s',
  (sign) => {
    const line = sign.repeat(65_000 / sign.length);
    const before = process.threadCpuUsage();
    isUnfinished(line);
    wantsInput(line, true);
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1000);
  },
);

it('a line that is long and has an end is read whole', () => {
  expect(parseOnce('echo a;'.repeat(300)).statements).toHaveLength(300);
});
