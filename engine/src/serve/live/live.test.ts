import { once } from 'node:events';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { type LiveFrame, LiveFrame as LiveFrameSchema, type LiveMessage } from '@cerberusmesh/contract/live';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';
import { createLiveBus } from './bus.ts';
import { createLiveHub } from './hub.ts';

let server: TestServer;
let port: string;
const open = new Set<WebSocket>();

beforeAll(async () => {
  server = await startTestServer({ config: { rateLimitMax: 1000 } });
  port = new URL(await server.api.listen({ port: 0, host: '127.0.0.1' })).port;
});
afterAll(async () => await server.close());
afterEach(async () => {
  for (const socket of open) socket.terminate();
  open.clear();
  await expect.poll(() => server.bus.hasListeners()).toBe(false);
});

describe('the live feed', () => {
  it.each(['/ws', '/api/live'])('%s with a token in the subprotocol says hello, then what happens', async (path) => {
    const client = await connect({ path, protocols: ['cerberus.v1', server.secrets.viewer] });
    expect(client.socket.protocol).toBe('cerberus.v1');
    expect(await client.next()).toEqual({ type: 'hello', role: 'viewer', name: 'v', version: '0.0.0-test' });
    const message = anEvent('HIGH');
    server.bus.publish(message);
    expect(await client.next()).toEqual(message);
  });

  it('takes a token from the Authorization header too', async () => {
    const client = await connect({ headers: server.as.admin });
    expect(await client.next()).toMatchObject({ type: 'hello', role: 'admin' });
  });

  it('lets no sensor listen, however it shows its token', async () => {
    await expect(connect({ headers: server.as.sensor })).rejects.toThrow('Unexpected server response: 401');
    const client = await connect({});
    client.socket.send(JSON.stringify({ type: 'auth', token: server.secrets.sensor }));
    expect(await client.closed()).toBe(4401);
  });

  it('takes a token as the first message, and tells nothing before it', async () => {
    const other = await connect({ headers: server.as.viewer });
    await other.next();
    const client = await connect({});
    server.bus.publish(anEvent('HIGH', 'before'));
    await other.next();
    client.socket.send(JSON.stringify({ type: 'auth', token: server.secrets.operator }));
    expect(await client.next()).toMatchObject({ type: 'hello', role: 'operator' });
    server.bus.publish(anEvent('HIGH', 'after'));
    expect(await client.next()).toMatchObject({ event: { command: 'after' } });
  });

  it('sends only the severities that were asked for', async () => {
    const client = await connect({ headers: server.as.viewer });
    await client.next();
    client.socket.send(JSON.stringify({ type: 'filter', severity: ['HIGH', 'MEDIUM'] }));
    expect(await client.next()).toEqual({ type: 'filter', severity: ['HIGH', 'MEDIUM'] });
    for (const severity of ['LOW', 'HIGH', 'UNKNOWN', 'MEDIUM']) server.bus.publish(anEvent(severity));
    expect([await client.next(), await client.next()]).toMatchObject([
      { event: { severity: 'HIGH' } },
      { event: { severity: 'MEDIUM' } },
    ]);
  });

  it('a client that stops reading holds nobody up, and is told later how much it missed', async () => {
    const [slow, quick] = [await connect({ headers: server.as.viewer }), await connect({ headers: server.as.viewer })];
    await Promise.all([slow.next(), quick.next()]);
    slow.socket.pause();
    // 40 MB: more than the kernel's buffers and the client's bound together.
    for (let batch = 0; batch < 20; batch++) {
      for (let index = 0; index < 1000; index++) server.bus.publish(anEvent('HIGH', `${batch} ${'x'.repeat(2000)}`));
      await expect.poll(() => quick.count(), { interval: 5, timeout: 10_000 }).toBe((batch + 1) * 1000);
    }
    slow.socket.resume();
    server.bus.publish(anEvent('HIGH', 'the last'));
    let [seen, missed] = [0, 0];
    for (let last = ''; last !== 'the last'; ) {
      const message = await slow.next();
      if (message?.type === 'lag') missed += message.dropped;
      if (message?.type !== 'event') continue;
      seen++;
      last = message.event.command ?? '';
    }
    expect(missed).toBeGreaterThan(0);
    expect(seen + missed).toBe(20_001);
  });

  it('every frame is what the contract says', async () => {
    const client = await connect({ headers: server.as.viewer });
    await client.next();
    server.bus.publish(anEvent('LOW'));
    await client.next();
    expect(client.frames.length).toBeGreaterThan(1);
    for (const frame of client.frames) expect(LiveFrameSchema.safeParse(frame).error).toBeUndefined();
  });
});

describe('who is not let in', () => {
  const unknown = `cm_${'A'.repeat(43)}`;

  it.each([
    ['an unknown token', { protocols: ['cerberus.v1', unknown] }, 401],
    ['a page of a foreign origin', { origin: 'http://evil.example' }, 403],
    ['a foreign host name', { headers: { host: 'evil.example' } }, 421],
  ])('%s gets no connection', async (_, options, status) => {
    await expect(connect(options)).rejects.toThrow(`Unexpected server response: ${status}`);
  });

  it.each([
    ['/nowhere', 'localhost'],
    ['/api/events', 'localhost'],
    ['/%zz', 'localhost'],
    ['/ws', 'evil.example'],
  ])('a refused handshake on %s leaves no connection behind', async (path, host) => {
    const socket = createConnection(Number(port), '127.0.0.1');
    const head = [`GET ${path} HTTP/1.1`, `host: ${host}`, 'connection: upgrade', 'upgrade: websocket'];
    const key = ['sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='];
    // Never ended by this side: only the server can close it.
    socket.write([...head, ...key, '', ''].join('\r\n'));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 4/);
  });

  it('pages of the configured origin and of our own are let in', async () => {
    for (const origin of ['http://localhost:3001', `http://127.0.0.1:${port}`]) {
      const client = await connect({ origin, headers: server.as.viewer });
      expect(await client.next()).toMatchObject({ type: 'hello' });
    }
  });

  it('a token in the address is not looked at', async () => {
    const client = await connect({ path: `/ws?token=${server.secrets.admin}` });
    client.socket.send(JSON.stringify({ type: 'auth', token: unknown }));
    expect(await client.closed()).toBe(4401);
  });

  it.each([
    ['text that is not JSON', 'hello'],
    ['JSON of another form', '{"type":"auth"}'],
    ['a message with more than it should have', '{"type":"filter","severity":[],"x":1}'],
    ['nesting', '['.repeat(8000)],
  ])('%s ends the connection', async (_, text) => {
    const client = await connect({});
    client.socket.send(text);
    expect(await client.closed()).toBe(4400);
  });

  it('a message over the bound ends the connection, and bytes too', async () => {
    const tooLong = await connect({});
    tooLong.socket.send('x'.repeat(17 * 1024));
    expect(await tooLong.closed()).toBe(1009);
    const binary = await connect({});
    binary.socket.send(Buffer.from([1, 2, 3]));
    expect(await binary.closed()).toBe(4400);
  });

  it('a second token is refused: one try per connection', async () => {
    const client = await connect({ headers: server.as.viewer });
    await client.next();
    client.socket.send(JSON.stringify({ type: 'auth', token: server.secrets.admin }));
    expect(await client.closed()).toBe(4400);
  });
});

describe('the heartbeat', () => {
  it('ends strangers at the second beat, and those whose token was revoked', async () => {
    const hub = createLiveHub({
      bus: createLiveBus(),
      tokens: server.tokens,
      version: 'x',
      onClients: () => undefined,
    });
    const { secret } = await server.tokens.create({ name: 'short', role: 'viewer', expiresAt: null }, 'test');
    const identity = await server.tokens.verify(secret);
    const [stranger, member] = [createSocket(), createSocket()];
    hub.join(stranger.socket, null);
    hub.join(member.socket, identity ?? null);
    await hub.beat();
    for (const { emit } of [stranger, member]) emit('pong');
    expect([stranger.closedWith, member.closedWith]).toEqual([[], []]);
    await server.tokens.revoke('short', 'test');
    await hub.beat();
    expect([stranger.closedWith, member.closedWith]).toEqual([[4401], [4401]]);
  });

  it('ends a connection that did not answer the last ping', async () => {
    const hub = createLiveHub({
      bus: createLiveBus(),
      tokens: server.tokens,
      version: 'x',
      onClients: () => undefined,
    });
    const dead = createSocket();
    hub.join(dead.socket, null);
    await hub.beat();
    expect(dead.isTerminated()).toBe(false);
    await hub.beat();
    expect(dead.isTerminated()).toBe(true);
    expect(hub.clients).toBe(0);
  });
});

function anEvent(severity: string, command = 'uname'): LiveMessage {
  return {
    type: 'event',
    event: {
      ...{
        id: '0192f0c1-2345-7abc-8def-0123456789ab',
        event_type: 'cowrie.command.input',
        sensor: 'a',
        session_id: 's',
      },
      ...{ timestamp: '2026-11-22T12:00:00.000000Z', protocol: 'ssh', source_ip: '192.0.2.1', source_port: 1, command },
      ...{ shortened: false, username: null, password: null, severity, threat_score: 0.5, anomaly_score: 0.1 },
      ...{ attack_type: 'none', confidence: 0.5, techniques: [], why: null, is_analyzed: true, is_probe: false },
    },
  };
}

interface ConnectOptions {
  readonly path?: string;
  readonly protocols?: string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: string;
}

async function connect({ path = '/ws', protocols = [], headers = {}, origin }: ConnectOptions) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers, ...(origin ? { origin } : {}) });
  open.add(socket);
  const frames: LiveFrame[] = [];
  const messages: LiveFrame = [];
  let events = 0;
  socket.on('message', (raw) => {
    const frame = JSON.parse(String(raw));
    frames.push(frame);
    messages.push(...frame);
    events += frame.filter((message: { type: string }) => message.type === 'event').length;
    socket.emit('arrived');
  });
  const closing = once(socket, 'close').then(([code]) => code);
  // Rejected by tests that expect no connection; the close that follows is theirs to ignore.
  closing.catch(() => undefined);
  await once(socket, 'open');
  return {
    socket,
    frames,
    closed: () => closing,
    /** Events that have arrived, also those that `next` has not given yet. */
    count: () => events,
    async next() {
      while (messages.length === 0) await once(socket, 'arrived');
      return messages.shift();
    },
  };
}

/** As much of a WebSocket as a hub uses, without a network that could be slow. */
function createSocket() {
  const listeners = new Map<string, (() => void)[]>();
  const closedWith: number[] = [];
  let terminated = false;
  const emit = (name: string) => {
    for (const listener of listeners.get(name) ?? []) listener();
  };
  const parts = {
    on: (name: string, listener: () => void) => listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    send: (_: string, done: () => void) => done(),
    ping: () => undefined,
    close: (code: number) => closedWith.push(code),
    terminate() {
      terminated = true;
      emit('close');
    },
  };
  // The hub calls nothing else of a WebSocket.
  return { socket: parts as unknown as WebSocket, emit, closedWith, isTerminated: () => terminated };
}
