import { createHash } from 'node:crypto';
import type { EventDetail, SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { type KnownLure, quickHashOf, secretKeyOf } from '@cerberusmesh/contract/touch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLureIndex } from './lure-index.ts';

const id = 'AKIAQ3EXAMPLE7XYZ234';
const key = 'wJalr/XUtnFEMI+K7MDENG/bPxRfiCYzzzzzzzzz';
const password = 'k.7-vR_q2';
const auth = 'Y2lfazQyeDpBYmNkZWZnaEprTG1OcFFyU3Q=';
const host = 'vault-x3k9.internal';

describe('a planted secret', () => {
  it.each([
    { text: `aws configure set aws_access_key_id ${id}`, secret: id },
    { text: `export AWS_ACCESS_KEY_ID=${id}; aws s3 ls`, secret: id },
    { text: `AWS_SECRET_ACCESS_KEY="${key}" aws sts get-caller-identity`, secret: key },
    { text: `mysql -uadmin -p${password} -h db`, secret: password },
    { text: `mysql -u admin -p '${password}'`, secret: password },
    { text: `sshpass -p ${password} ssh root@10.0.0.1`, secret: password },
    { text: `PGPASSWORD=${password} psql -h x`, secret: password },
    { text: `curl -u admin:${password} https://x/`, secret: password },
    { text: `git clone https://deploy:${password}@git.internal/a.git`, secret: password },
    { text: `curl -H "Authorization: Basic ${auth}" http://x`, secret: auth },
    { text: `curl -k https://${host}/v1/secret`, secret: host },
    { text: `ssh -i id_ed25519 ops@${host}`, secret: host },
    { text: `curl http://${host}`, secret: host },
    { text: `curl http://x/${host}/y`, secret: host },
    { text: password, secret: password },
  ])('is recognised in: $text', ({ text, secret }) => {
    const index = createLureIndex();
    index.add([aLure({ secret })]);
    expect(index.find(anEvent({ kind: 'command', input: text, phase: 'typed' }))).toMatchObject([{ place: 'command' }]);
  });

  it.each<{ detail: EventDetail; place: string }>([
    { detail: { kind: 'login', succeeded: false, username: password, password: 'x' }, place: 'username' },
    { detail: { kind: 'login', succeeded: false, username: 'x', password }, place: 'password' },
    { detail: { kind: 'login', succeeded: false, username: 'x', keyFingerprint: password }, place: 'key' },
    { detail: { kind: 'tunnel', phase: 'asked', host: password, port: 22 }, place: 'tunnel' },
    { detail: { kind: 'input', realm: 'cat', input: `key=${password}` }, place: 'input' },
  ])('is recognised as a $place', ({ detail, place }) => {
    const index = createLureIndex();
    index.add([aLure({ secret: password })]);
    expect(index.find(anEvent(detail))).toMatchObject([{ place }]);
  });

  it('is found between any separators, and nothing is found in text that does not hold it', () => {
    const separator = fc.constantFrom(' ', '\t', '"', "'", '=', ':', '@', ';', '|', '&', '(', ')', ',');
    const other = fc.string({ maxLength: 40 }).filter((text) => !text.includes(password));
    const index = createLureIndex();
    index.add([aLure({ secret: password })]);
    fc.assert(
      fc.property(other, separator, separator, other, (before, left, right, after) => {
        const text = `${before}${left}${password}${right}${after}`;
        expect(index.find(anEvent({ kind: 'command', input: text, phase: 'typed' })).length).toBeGreaterThan(0);
        expect(index.find(anEvent({ kind: 'command', input: before + after, phase: 'typed' }))).toEqual([]);
      }),
    );
  });

  it('with the same cheap hash as another word is not taken for it', () => {
    const index = createLureIndex();
    index.add([{ ...aLure({ secret: password }), quickHash: quickHashOf('innocent') }]);
    expect(index.find(anEvent({ kind: 'command', input: 'echo innocent', phase: 'typed' }))).toEqual([]);
  });

  it('is looked for in the beginning of a text without end, at a bounded cost', () => {
    const index = createLureIndex();
    index.add([aLure({ secret: password })]);
    const long = `${'a '.repeat(10_000)} ${password}`;
    expect(index.find(anEvent({ kind: 'command', input: long, phase: 'typed' }))).toEqual([]);
    const many = `${password} `.repeat(1_000);
    expect(index.find(anEvent({ kind: 'command', input: many, phase: 'typed' })).length).toBeLessThanOrEqual(17);
  });
});

describe('a planted file', () => {
  it('is read first by the command that names it, once, on its own sensor', () => {
    const index = createLureIndex();
    index.add([{ ...aLure({ secret: password }), path: '/root/.aws/credentials', isRead: false }]);
    const read = anEvent({ kind: 'command', input: 'cat ~/.aws/credentials', phase: 'typed' });
    expect(index.findReads(anEvent({ kind: 'command', input: 'ls -la', phase: 'typed' }))).toEqual([]);
    expect(index.findReads({ ...read, sensor: 'another' })).toEqual([]);
    const found = index.findReads(read);
    expect(found).toHaveLength(1);
    // The batch failed, and comes again.
    expect(index.findReads(read)).toEqual(found);
    index.setRead(found);
    expect(index.findReads(read)).toEqual([]);
  });
});

function aLure({ secret }: { secret: string }): KnownLure {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    kind: 'password',
    path: '/root/x',
    quickHash: quickHashOf(secret),
    secretHash: createHash('sha256').update(secretKeyOf(secret)).digest('hex'),
    sensor: 'sensor-a',
    plantedAt: '2026-11-22T10:00:00.000Z',
    sessionId: null,
    sourceIp: null,
    isRead: true,
  };
}

function anEvent(detail: EventDetail): SensorEvent {
  return {
    id: '019a0000-0000-7000-8000-000000000000',
    eventType: 'cowrie.command.input',
    timestamp: '2026-11-22T11:00:00.000000Z',
    epochMs: Date.parse('2026-11-22T11:00:00Z'),
    sensor: 'sensor-a',
    sessionId: 'abc',
    protocol: 'ssh',
    sourceIp: '192.0.2.1',
    sourcePort: 1,
    late: false,
    detail,
  };
}
