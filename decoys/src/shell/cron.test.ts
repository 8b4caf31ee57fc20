import { expect, it } from 'vitest';
import { dueJobs } from './cron.ts';

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);
const due = (line: string, from: string, to: string) =>
  dueJobs([{ user: 'root', text: `${line}\n` }], at(from), at(to)).map(({ command }) => command);

it.each([
  ['* * * * * a', '10:00:30', '10:01:00', true],
  ['* * * * * a', '10:00:00', '10:00:59', false],
  ['*/5 * * * * a', '10:01:00', '10:04:59', false],
  ['*/5 * * * * a', '10:01:00', '10:05:10', true],
  ['30 9-11 * * * a', '10:29:00', '10:30:00', true],
  ['0 0 * * sun a', '00:00:00', '23:00:00', false],
  ['15 12 * * 7 a', '12:00:00', '12:20:00', true],
  ['15 12 * * 1 a', '12:00:00', '12:20:00', false],
  ['@hourly a', '10:59:00', '11:00:01', true],
  ['@reboot a', '10:00:00', '23:00:00', false],
  ['# a', '10:00:00', '11:00:00', false],
  ['nonsense', '10:00:00', '11:00:00', false],
])('`%s` between %s and %s is due: %s', (line, from, to, isDue) => {
  expect(due(line, from, to)).toEqual(isDue ? ['a'] : []);
});

it('of a system table each line names its user, and however many are due few are run', () => {
  const text = '* * * * * www-data id > /tmp/x\n'.repeat(50);
  const jobs = dueJobs([{ user: undefined, text }], at('10:00:00'), at('10:01:00'));
  expect(jobs).toEqual(Array(5).fill({ user: 'www-data', command: 'id > /tmp/x' }));
});
