import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const http = z.strictObject({
  host: value.text.default('127.0.0.1').register(settingNotes, {
    env: 'CERBERUS_HOST',
    help: 'Address to listen on. The API asks for a token on every address; there is no switch for that.',
    example: '127.0.0.1',
  }),
  port: value.wholeNumber(0, 65_535).default(3000).register(settingNotes, {
    env: 'PORT',
    help: 'Port to listen on; 0 takes any free one.',
    example: '3000',
  }),
  allowedHosts: value.hostNames.default([]).register(settingNotes, {
    env: 'CERBERUS_ALLOWED_HOSTS',
    help: 'Further names under which a server on loopback answers, such as the one of a proxy before it; by commas.',
    example: 'honeynet.example.org',
  }),
  publicUrl: value.httpUrl.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_PUBLIC_URL',
    help: 'The address under which people reach this server, for links in notices; by default its own.',
    example: 'https://honeynet.example.org',
  }),
  corsOrigin: value.origin.default('http://localhost:3001').register(settingNotes, {
    env: 'CERBERUS_CORS_ORIGIN',
    help: 'The one other site whose pages may call the API.',
    example: 'http://localhost:3001',
  }),
  rateLimitMax: value.wholeNumber(1, 1_000_000).default(100).register(settingNotes, {
    env: 'CERBERUS_RATE_LIMIT_MAX',
    help: 'Requests that an address may send without a token in one window.',
    example: '100',
  }),
  rateLimitWindowSeconds: value.wholeNumber(1, 86_400).default(900).register(settingNotes, {
    env: 'CERBERUS_RATE_LIMIT_WINDOW_SECONDS',
    help: 'Length of that window.',
    example: '900',
  }),
  tokenRateLimitMax: value.wholeNumber(1, 1_000_000).default(6000).register(settingNotes, {
    env: 'CERBERUS_TOKEN_RATE_LIMIT_MAX',
    help: 'Requests that one token may send in the same window.',
    example: '6000',
  }),
});
