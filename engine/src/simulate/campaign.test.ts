import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createNormalize } from '../normalize/normalize.ts';
import { collectVisits } from './campaign.ts';

const recordings = join(import.meta.dirname, '..', '..', '..', 'recordings');

function visitsOf(lines: readonly string[], sessionsMax = 50) {
  const normalize = createNormalize();
  return collectVisits(
    lines.flatMap((text) => normalize({ text, coveredBytes: text.length }).line ?? []),
    sessionsMax,
  );
}

function recorded(story: string): string[] {
  return readFileSync(join(recordings, story, 'cowrie.jsonl'), 'utf8')
    .trim()
    .split('\n');
}

it('what a recorded visitor tried and typed is played again, as the client that he was', () => {
  const visits = visitsOf(recorded('dropper-campaign'));
  expect(visits).toHaveLength(3);
  expect(visits[0]).toMatchObject({ protocol: 'ssh', logins: [{ username: 'root', password: 'hunter-2024' }] });
  expect(visits[0]?.commands).toHaveLength(7);
  expect(visits[0]?.client).toMatch(/^libssh/);
  expect(visitsOf(recorded('telnet-echo-dropper'))[0]).toMatchObject({ protocol: 'telnet' });
});

it('no more visits are taken than were asked for, and none without anything to play', () => {
  expect(visitsOf(recorded('dropper-campaign'), 2)).toHaveLength(2);
  expect(visitsOf(recorded('dropper-campaign').filter((line) => !line.includes('login')))).toEqual([]);
});

it('what a log says is never a key of the terminal', () => {
  const common = { session: 'a', sensor: 's', timestamp: '2026-11-22T10:00:00.000000Z', protocol: 'ssh' };
  const [visit] = visitsOf(
    [
      { eventid: 'cowrie.login.success', username: 'root', password: 'x' },
      { eventid: 'cowrie.command.input', input: 'id\u0003' },
      { eventid: 'cowrie.command.input', input: 'one\ntwo' },
      { eventid: 'cowrie.client.version', version: 'SSH-2.0-a\u001b[2J' },
    ].map((fields) => JSON.stringify({ ...common, ...fields })),
  );
  expect(visit).toMatchObject({ commands: ['one', 'two'], client: null });
});
