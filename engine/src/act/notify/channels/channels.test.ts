import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Notice } from '@cerberusmesh/contract/notice';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpSink, startHttpSink } from '../../../../test/support/http-sink.ts';
import { startSmtpSink } from '../../../../test/support/smtp-sink.ts';
import { Secret } from '../../../kit/secret.ts';
import type { Message } from '../channel.ts';
import { createEmail } from './email.ts';
import { createPagerDuty } from './pagerduty.ts';
import { createSlack } from './slack.ts';
import { createSyslog, toCef } from './syslog.ts';
import { createWebhook } from './webhook.ts';

const now = new Date('2026-11-22T12:00:00Z');
const signal = new AbortController().signal;
const notice: Notice = {
  id: 'c9a646d3-9c61-4cd0-b4ac-7dd1b0b5e1f2',
  at: now.toISOString(),
  group: 'campaign:c1',
  severity: 'HIGH',
  subject: 'HIGH 198.51.100.7 on sensor-a & <b>more</b>',
  why: 'a|b=c\\d <script>alert(1)</script>',
  where: { sensor: 'sensor-a', session: 's1', address: '198.51.100.7' },
  evidence: [{ event_id: 'e1', at: now.toISOString(), text: '<!channel> & "x"' }],
  links: [{ name: 'Session', url: 'https://honeynet.example/api/sessions/s1?a=1&b=2' }],
};
const message: Message = { kind: 'notice', notice };

describe('over HTTP', () => {
  let sink: HttpSink;
  beforeAll(async () => {
    sink = await startHttpSink();
  });
  afterAll(() => sink.close());
  beforeEach(() => {
    sink.taken.length = 0;
    sink.status(200);
  });

  it('a webhook is signed over time and body, and says what, where, why, the evidence and where to look', async () => {
    await createWebhook({ url: sink.url, secret: new Secret('s3cret'), now: () => now }).send(message, signal);
    const [{ headers, body } = { headers: {}, body: '' }] = sink.taken;
    expect(headers['x-cerberus-timestamp']).toBe('1795348800');
    const signature = createHmac('sha256', 's3cret').update(`1795348800.${body}`).digest('hex');
    expect(headers['x-cerberus-signature']).toBe(`sha256=${signature}`);
    expect(JSON.parse(body)).toMatchObject({ type: 'notice', id: notice.id, notice });
  });

  it('Slack gets an attacker’s text as plain text only, so that it can mention nobody and link nowhere', async () => {
    await createSlack({ url: new Secret(sink.url) }).send(message, signal);
    const told = JSON.parse(sink.taken[0]?.body ?? '');
    expect(told.text).toBe('HIGH 198.51.100.7 on sensor-a &amp; &lt;b&gt;more&lt;/b&gt;');
    expect(JSON.stringify(told)).not.toContain('mrkdwn');
    expect(told.blocks.at(-1).elements).toMatchObject([{ type: 'button', url: notice.links[0]?.url }]);
  });

  it('PagerDuty gets one incident for what is about the same', async () => {
    await createPagerDuty({ url: sink.url, key: new Secret('R0') }).send(message, signal);
    expect(JSON.parse(sink.taken[0]?.body ?? '')).toMatchObject({
      routing_key: 'R0',
      event_action: 'trigger',
      dedup_key: 'campaign:c1',
      payload: { source: 'sensor-a', severity: 'error' },
      links: [{ href: notice.links[0]?.url, text: 'Session' }],
    });
  });

  it.each([500, 302, 404])('an answer of %d is not taken for done, and the reason holds no secret', async (status) => {
    sink.status(status);
    const url = `${sink.url}/T0/B0/verysecret`;
    const failed = await createSlack({ url: new Secret(url) })
      .send(message, signal)
      .catch((error: unknown) => error);
    expect(String(failed)).toMatch(/^Error: /);
    expect(String(failed)).not.toContain('verysecret');
    expect(sink.taken).toEqual([]);
  });
});

describe('by mail', () => {
  it('a real SMTP server takes it, and markup of an attacker is text in it', async () => {
    const smtp = await startSmtpSink();
    const email = { from: 'c@example.org', to: ['soc@example.org'] };
    await createEmail({ url: new Secret(smtp.url), ...email }).send(message, signal);
    await smtp.close();
    const [mail = ''] = smtp.mails;
    expect(mail).toContain(`Message-ID: <${notice.id}@cerberusmesh.invalid>`);
    expect(mail).toContain('Subject: [CerberusMesh] HIGH 198.51.100.7 on sensor-a & <b>more</b>');
    const html = mail.slice(mail.indexOf('text/html'));
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('<script>');
  });
});

it.each([
  {
    protocol: 'smtp',
    open: (url: string) => createEmail({ url: new Secret(url), from: 'c@example.org', to: ['soc@example.org'] }),
  },
  { protocol: 'tcp', open: (url: string) => createSyslog({ url, version: '1.2.3' }) },
  {
    protocol: 'http',
    open: (url: string) => createWebhook({ url, secret: new Secret('s3cret'), now: () => now }),
  },
])(
  'what says a little over $protocol now and then, and never takes a notice, is given up in time',
  async ({ protocol, open }) => {
    const server = createServer((socket) => {
      const timer = setInterval(
        () => void socket.write(protocol === 'http' ? 'HTTP/1.1 100 Continue\r\n\r\n' : '220-wait\r\n'),
        20,
      );
      socket.on('close', () => clearInterval(timer)).on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    // `as`: a server that listens on a port has an address and no path.
    const { port } = server.address() as AddressInfo;
    const sent = open(`${protocol}://127.0.0.1:${port}`).send(message, AbortSignal.timeout(300));
    await expect(sent).rejects.toThrow(/no answer/);
    server.close();
  },
);

describe('by syslog', () => {
  it('no text of an attacker ends a field or begins another message', () => {
    const cef = toCef({ kind: 'notice', notice: { ...notice, subject: 'a|b\nc', why: 'x=y\\z\nCEF:0|evil' } }, '1.0');
    expect(cef.split('\n')).toHaveLength(1);
    expect(cef).toMatch(/^CEF:0\|CerberusMesh\|CerberusMesh\|1\.0\|notice\|a\\\|b c\|8\|externalId=/);
    expect(cef).toContain('msg=x\\=y\\\\z\\nCEF:0|evil\\n');
  });

  it('arrives over UDP as one datagram', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const arrived = once(socket, 'message');
    await createSyslog({ url: `udp://127.0.0.1:${socket.address().port}`, version: '1.0' }).send(message, signal);
    const [datagram] = await arrived;
    socket.close();
    expect(String(datagram)).toMatch(/^<132>1 2026-11-22T12:00:00\.000Z - cerberusmesh - - - CEF:0\|/);
  });

  it('arrives over TCP with its length before it', async () => {
    const server = createServer((socket) => {
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('end', () => socket.end());
    });
    const chunks: Buffer[] = [];
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // `as`: a server that listens on a port has an address and no path.
    const { port } = server.address() as AddressInfo;
    await createSyslog({ url: `tcp://127.0.0.1:${port}`, version: '1.0' }).send(message, signal);
    server.close();
    const [, length, rest] = /^(\d+) (.*)$/s.exec(Buffer.concat(chunks).toString('utf8')) ?? [];
    expect(Buffer.byteLength(rest ?? '')).toBe(Number(length));
  });
});
