import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ServeConfig } from './api.ts';
import { startTestServer, type TestServer } from './support/serve-parts.ts';

describe('rate limit', () => {
  it('the unauthenticated get their number per address, 404s and wrong tokens included; a token is not held up by them', async () => {
    const { api, as } = await start({ rateLimitMax: 5, tokenRateLimitMax: 7 });
    const urls = ['/api/events', '/nowhere', '/api/stats', '/nowhere', '/status'];
    for (const url of urls) expect([401, 404]).toContain((await api.inject({ url, headers: wrong })).statusCode);
    const refused = await api.inject({ url: '/nowhere', headers: wrong });
    expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await api.inject({ url: '/api/events', remoteAddress: '198.51.100.2' })).statusCode).toBe(401);
    for (let index = 0; index < 7; index++) {
      expect((await api.inject({ url: '/status', headers: as.viewer })).statusCode).toBe(200);
    }
    expect((await api.inject({ url: '/status', headers: as.viewer })).statusCode).toBe(429);
    expect((await api.inject({ url: '/status', headers: as.admin })).statusCode).toBe(200);
  });

  it('a /64 of IPv6 is one caller', async () => {
    const { api } = await start({ rateLimitMax: 1 });
    const ask = async (remoteAddress: string) => (await api.inject({ url: '/status', remoteAddress })).statusCode;
    expect(await ask('2001:db8:1:1::1')).toBe(401);
    expect(await ask('2001:db8:1:1:ffff::2')).toBe(429);
    expect(await ask('2001:db8:1:2::1')).toBe(401);
  });

  it('the page and the health check answer on', async () => {
    const { api } = await start({ rateLimitMax: 1 });
    await api.inject('/status');
    expect((await api.inject('/status')).statusCode).toBe(429);
    for (const url of ['/', '/icon.svg', '/health']) expect((await api.inject(url)).statusCode).toBe(200);
  });
});

describe('browsers', () => {
  it('get a policy that lets no foreign, inline or built script run', async () => {
    const { api } = await start();
    for (const url of ['/', '/api/', '/api/events', '/nowhere']) {
      const policy = String((await api.inject(url)).headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
    }
  });

  it('only configured origins may read answers', async () => {
    const { api } = await start({ corsOrigins: ['http://localhost:3001'] });
    const originFor = async (origin: string) =>
      (await api.inject({ url: '/health', headers: { origin } })).headers['access-control-allow-origin'];
    expect(await originFor('http://localhost:3001')).toBe('http://localhost:3001');
    expect(await originFor('http://evil.example')).toBeUndefined();
    const preflight = await api.inject({
      method: 'OPTIONS',
      url: '/api/events',
      headers: {
        origin: 'http://localhost:3001',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    expect([preflight.statusCode, preflight.headers['access-control-allow-headers']]).toEqual([
      204,
      'authorization, content-type, if-none-match',
    ]);
  });
});

describe('host names', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ config: { allowedHosts: ['honey.example'] } });
  });
  afterAll(async () => await server.close());

  it.each([
    ['localhost:3000', 200],
    ['LOCALHOST', 200],
    ['127.0.0.1:1', 200],
    ['[::1]:3000', 200],
    ['honey.example', 200],
    ['evil.example', 421],
    ['evil.example:3000', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.', 421],
    ['169.254.169.254', 421],
  ])('a server on loopback asked as %s answers %i', async (host, status) => {
    expect((await server.api.inject({ url: '/health', headers: { host } })).statusCode).toBe(status);
  });

  it('beyond loopback any name is fine, because a token is needed', async () => {
    const { api } = await start({ host: '0.0.0.0' });
    expect((await api.inject({ url: '/status', headers: { host: 'any.example' } })).statusCode).toBe(401);
  });
});

const wrong = { authorization: `Bearer cm_${'A'.repeat(43)}` };

async function start(config: Partial<ServeConfig> = {}) {
  const server = await startTestServer({ config });
  onTestFinished(async () => await server.close());
  return server;
}
