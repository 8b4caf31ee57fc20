import { z } from 'zod';
import { Secret } from '../kit/secret.ts';

/**
 * How a setting is read from the text that variables and INI files give. Each message completes the sentence
 * "expected …", because a fault is told with what came and with an example.
 */

export const text = z.string().min(1, 'a text that is not empty').max(4096, 'at most 4096 characters');

export const path = z
  .string()
  .min(1, 'a path')
  .max(4096, 'a path of at most 4096 characters')
  .refine((given) => !given.includes('\0'), 'a path without U+0000');

/** A path that ends in `below`. */
export function pathTo(below: string) {
  return path.refine((given) => given.endsWith(`/${below}`), `a path that ends in /${below}`);
}

const Cidr = z.union([z.cidrv4(), z.cidrv6()]);

const words = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);
export const yesOrNo = z.string().transform((given, context) => {
  const answer = words.get(given.toLowerCase());
  return answer ?? refuse(context, 'true or false');
});

/** Both ends included. No sign, no exponent, no blanks: what an operator typed by mistake is a fault and not 0. */
export function wholeNumber(min: number, max: number) {
  return z.string().transform((given, context) => {
    const count = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
    return count >= min && count <= max ? count : refuse(context, `a whole number from ${min} to ${max}`);
  });
}

/** As `wholeNumber`, with a decimal point where wanted. */
export function number(min: number, max: number) {
  return z.string().transform((given, context) => {
    const size = /^\d{0,15}(\.\d{1,15})?$/.test(given) && given !== '' ? Number(given) : Number.NaN;
    return size >= min && size <= max ? size : refuse(context, `a number from ${min} to ${max}`);
  });
}

export const share = number(0, 1);

export const httpUrl = z
  .string()
  .refine((given) => isUrl(given, ['http:', 'https:']), 'an http:// or https:// address');

export const origin = z
  .string()
  .refine(
    (given) => isUrl(given, ['http:', 'https:']) && new URL(given).origin === given,
    'an origin: scheme, host and port, without a path or a closing slash',
  );

const hostName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;
export const hostNames = z.string().transform((given, context) => {
  const names = given.split(',').map((name) => name.trim());
  return names.length <= 100 && names.every((name) => hostName.test(name))
    ? names
    : refuse(context, 'host names without scheme and port, separated by commas');
});

export const names = z.string().transform((given, context) => {
  const each = given.split(',').map((name) => name.trim());
  return each.length <= 100 && each.every((name) => name.length > 0 && name.length <= 512)
    ? each
    : refuse(context, 'names separated by commas');
});

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** `s3://bucket/prefix`; the prefix may be missing. */
export const s3Places = z.string().transform((given, context) => {
  const places = given.split(',').map((part) => {
    const [, bucket = '', prefix = ''] = /^\s*s3:\/\/([^/]+)\/?(.{0,1024}?)\s*$/.exec(part) ?? [];
    return { bucket, prefix };
  });
  return places.length <= 100 && places.every(({ bucket }) => bucketName.test(bucket))
    ? places
    : refuse(context, 'places such as s3://bucket/prefix/, separated by commas');
});

/** `office=198.51.100.0/24, 10.1.0.0/16`; a network without a name is called `own`. */
export const networks = z.string().transform((given, context) => {
  const named = given.split(',').map((part) => {
    const [, name = 'own', cidr = ''] = /^\s*(?:([\w.-]{1,40})\s*=)?\s*(\S+)\s*$/.exec(part) ?? [];
    return { name, cidr };
  });
  return named.length <= 1000 && named.every(({ cidr }) => Cidr.safeParse(cidr).success)
    ? named
    : refuse(context, 'networks such as 198.51.100.0/24, each with a name before a = if wanted, separated by commas');
});

export const decoyDriver = z.enum(['cowrie', 'container', 'ec2', 'decoy'], 'cowrie, container, ec2 or decoy');

/** `2300-2399` */
export const portRange = z.string().transform((given, context) => {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(given) ?? [];
  const range = { first: Number(first), last: Number(last) };
  return range.first >= 1 && range.first <= range.last && range.last <= 65_535
    ? range
    : refuse(context, 'two ports with a dash between, such as 2300-2399');
});

const mailAddress = /^[^\s@<>,;:"]{1,64}@[a-z0-9.-]{1,253}$/i;
export const mailAddresses = z.string().transform((given, context) => {
  const addresses = given.split(',').map((address) => address.trim());
  return addresses.length <= 50 && addresses.every((address) => mailAddress.test(address))
    ? addresses
    : refuse(context, 'mail addresses separated by commas');
});

export const smtpUrl = z
  .string()
  .refine((given) => isUrl(given, ['smtp:', 'smtps:']), 'an smtp:// or smtps:// address')
  .transform((given) => new Secret(given));

export const secretHttpUrl = httpUrl.transform((given) => new Secret(given));

export const syslogUrl = z
  .string()
  .refine(
    (given) => isUrl(given, ['udp:', 'tcp:', 'tls:']) && new URL(given).port !== '',
    'an address such as udp://192.0.2.1:514, tcp://… or tls://…, with a port',
  );

const sshHost = /^([\w.-]{1,64})@(\[[0-9a-f:]+\]|[a-z0-9.-]{1,253}):(\d{1,5})#(SHA256:[A-Za-z0-9+/]{43})$/i;
export const firewallHosts = z.string().transform((given, context) => {
  const hosts = given.split(',').map((part) => {
    if (part.trim() === 'local') return { kind: 'here' as const };
    const [, username = '', address = '', port = '', hostKey = ''] = sshHost.exec(part.trim()) ?? [];
    return { kind: 'ssh' as const, username, address: address.replace(/^\[|\]$/g, ''), port: Number(port), hostKey };
  });
  return hosts.length <= 100 && hosts.every((host) => host.kind === 'here' || (host.port > 0 && host.port < 65_536))
    ? hosts
    : refuse(context, 'local or user@host:port#SHA256:… (with the fingerprint of its host key), separated by commas');
});

/** `127.0.0.1:9000`, `[::1]:9000` */
export const hostAndPort = z.string().transform((given, context) => {
  const [, host = '', port = ''] = /^(\[[0-9a-f:]+\]|[\w.-]{1,253}):(\d{1,5})$/i.exec(given) ?? [];
  const address = { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  return host !== '' && address.port <= 65_535
    ? address
    : refuse(context, 'an address and a port, such as 127.0.0.1:9000');
});

export const redisUrl = z
  .string()
  .refine((given) => isUrl(given, ['redis:', 'rediss:']), 'a redis:// or rediss:// address')
  .transform((given) => new Secret(given));

export const redisMethod = z.enum(['lpush', 'rpush', 'publish'], 'lpush, rpush or publish');

export const timezone = z.string().refine(isTimezone, "a time zone's name such as UTC or Europe/Berlin");

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Python's names, which the first description uses, and pino's. */
const levels: ReadonlyMap<string, LogLevel> = new Map([
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['warning', 'warn'],
  ['error', 'error'],
  ['critical', 'fatal'],
  ['fatal', 'fatal'],
]);
export const logLevel = z
  .string()
  .transform((given, context) => levels.get(given.toLowerCase()) ?? refuse(context, 'DEBUG, INFO, WARNING or ERROR'));

export const llmProvider = z.enum(['openai', 'anthropic', 'openai-compatible'], {
  error: 'openai, anthropic or openai-compatible',
});

export const secret = text.transform((given) => new Secret(given));

export const databaseUrl = z
  .string()
  .refine((given) => isUrl(given, ['postgres:', 'postgresql:']), 'a postgresql:// address')
  .transform((given) => new Secret(given));

export const masterKey = z
  .string()
  .min(16, 'at least 16 characters')
  .max(4096, 'at most 4096 characters')
  .transform((given) => new Secret(given));

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

function isUrl(given: string, protocols: readonly string[]): boolean {
  return URL.canParse(given) && protocols.includes(new URL(given).protocol);
}

function isTimezone(given: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: given });
    return true;
  } catch {
    return false;
  }
}
