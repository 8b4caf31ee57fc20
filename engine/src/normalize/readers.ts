import type { EventDetail } from '@cerberusmesh/contract/sensor-event';
import { z } from 'zod';
import { toStorableText } from './visible-text.ts';

/** Reads the fields of one Cowrie event id. Throws ZodError where they are not what the id promises. */
export type DetailReader = (json: unknown) => EventDetail;

const Text = z.string().transform(toStorableText);
/** Cowrie wrote seconds as a number (to 2.6), as a string (2.7 to 3.0.3), and whole milliseconds since. */
const Duration = z
  .object({ duration_ms: z.number().optional(), duration: z.union([z.number(), z.string()]).optional() })
  .transform(({ duration_ms, duration }) => duration_ms ?? secondsToMs(duration));

const Login = z.object({
  username: Text.default(''),
  password: Text.optional(),
  fingerprint: Text.optional(),
});
const Input = z.object({ input: Text, realm: Text.optional() });
const Version = z.object({ version: Text });
const Kex = z.object({ hassh: Text.optional() });
/** `dst_*` of these events is the tunnel's target and no address of ours. */
const Tunnel = z.object({ dst_ip: Text.default(''), dst_port: z.coerce.number().default(0), data: Text.optional() });
const Transfer = z.object({
  url: Text.optional(),
  shasum: Text.optional(),
  destfile: Text.optional(),
  filename: Text.optional(),
  outfile: Text.optional(),
  duplicate: z.boolean().optional().catch(undefined),
});
const Recording = z.object({
  ttylog: Text.default(''),
  shasum: Text.optional(),
  duplicate: z.boolean().optional().catch(undefined),
});
const Exploit = z.object({ cve: Text.default(''), value: Text.optional(), attempted_command: Text.optional() });
const Trail = z.object({
  cloudtrail: z.object({
    eventSource: Text.default(''),
    eventName: Text.default(''),
    errorCode: z.string().optional(),
    userIdentity: z.object({ accessKeyId: Text.optional() }).optional(),
  }),
});
const Chpasswd = z.object({ username: Text.default('') });

/** One reader per event id of Cowrie 1.2 to 3.1. An id that is not here gives a generic event. */
export const readers: ReadonlyMap<string, DetailReader> = new Map<string, DetailReader>([
  ['cowrie.session.connect', () => ({ kind: 'connect' })],
  ['cowrie.session.closed', (json) => ({ kind: 'closed', durationMs: Duration.parse(json) })],
  ['cowrie.client.version', (json) => ({ kind: 'client', version: Version.parse(json).version })],
  ['cowrie.client.kex', (json) => ({ kind: 'client', ...defined('hassh', Kex.parse(json).hassh) })],
  ['cowrie.login.success', (json) => login(true, json)],
  ['cowrie.login.failed', (json) => login(false, json)],
  ['cowrie.command.input', (json) => command('typed', json)],
  ['cowrie.command.success', (json) => command('found', json)],
  ['cowrie.command.failed', (json) => command('missing', json)],
  ['cowrie.command.chpasswd', (json) => ({ kind: 'input', realm: 'chpasswd', input: Chpasswd.parse(json).username })],
  ['cowrie.session.input', input],
  ['cowrie.session.file_download', (json) => transfer('download', true, json)],
  ['cowrie.session.file_download.failed', (json) => transfer('download', false, json)],
  ['cowrie.session.file_upload', (json) => transfer('upload', true, json)],
  ['cowrie.log.closed', recording],
  ['cowrie.direct-tcpip.request', (json) => tunnel('asked', json)],
  ['cowrie.direct-tcpip.data', (json) => tunnel('sent', json)],
  ['cowrie.direct-tcpip.ja4', (json) => tunnel('sent', json)],
  ['cowrie.direct-tcpip.ja4h', (json) => tunnel('sent', json)],
  ['cowrie.direct-tcpip.redirect', (json) => tunnel('asked', json)],
  ['cowrie.direct-tcpip.tunnel', (json) => tunnel('asked', json)],
  ['cowrie.tunnelproxy-tcpip.data', (json) => tunnel('sent', json)],
  ['cowrie.telnet.exploit_attempt', (json) => exploit(false, json)],
  ['cowrie.telnet.exploit_success', (json) => exploit(true, json)],
  ['aws.cloudtrail', apiCall],
  // Our own decoys say what Cowrie has no word for.
  ['cerberus.http.exploit', (json) => exploit(false, json)],
]);

/** Known ids that say nothing for an assessment: kept whole as generic events, and not counted as strangers. */
export const plainEventIds: ReadonlySet<string> = new Set([
  'cowrie.session.params',
  'cowrie.client.size',
  'cowrie.client.var',
  'cowrie.client.fingerprint',
  'cowrie.client.malformed_packet',
  'cowrie.log.open',
  'cowrie.telnet.option',
  'cowrie.telnet.error',
  'cowrie.proxy.backend_connected',
  'cowrie.proxy.backend_disconnected',
  'cowrie.proxy.backend_connect_error',
  'cowrie.proxy.client_disconnect',
  'cowrie.proxy.ssh',
  'cowrie.virustotal.scanfile',
  'cowrie.virustotal.scanurl',
  'cowrie.reversedns.connect',
  'cowrie.reversedns.forward',
  'cowrie.greynoise.result',
  'cowrie.urlhaus.submitted',
  'cerberus.http.request',
  'cloudwatch.log',
  'syslog.message',
  'cerberus.decoy.fault',
  'cerberus.decoy.killed',
]);

function login(succeeded: boolean, json: unknown): EventDetail {
  const { username, password, fingerprint } = Login.parse(json);
  return {
    kind: 'login',
    succeeded,
    username,
    ...defined('password', password),
    ...defined('keyFingerprint', fingerprint),
  };
}

function command(phase: 'typed' | 'found' | 'missing', json: unknown): EventDetail {
  const { input, realm } = Input.parse(json);
  return { kind: 'command', phase, input, ...defined('realm', realm) };
}

function input(json: unknown): EventDetail {
  const { input, realm } = Input.parse(json);
  return { kind: 'input', realm: realm ?? '', input };
}

function transfer(direction: 'download' | 'upload', succeeded: boolean, json: unknown): EventDetail {
  const { url, shasum, destfile, filename, outfile, duplicate } = Transfer.parse(json);
  const path = destfile ?? filename;
  return {
    kind: 'transfer',
    direction,
    succeeded,
    ...defined('url', url),
    ...defined('sha256', shasum),
    ...defined('path', path),
    ...defined('keptAs', outfile),
    ...defined('isRepeat', duplicate),
  };
}

function tunnel(phase: 'asked' | 'sent', json: unknown): EventDetail {
  const { dst_ip, dst_port, data } = Tunnel.parse(json);
  return { kind: 'tunnel', phase, host: dst_ip, port: dst_port, ...defined('text', data) };
}

function recording(json: unknown): EventDetail {
  const { ttylog, shasum, duplicate } = Recording.parse(json);
  return {
    kind: 'recording',
    path: ttylog,
    durationMs: Duration.parse(json),
    ...defined('sha256', shasum),
    ...defined('isRepeat', duplicate),
  };
}

function apiCall(json: unknown): EventDetail {
  const { eventSource, eventName, errorCode, userIdentity } = Trail.parse(json).cloudtrail;
  return {
    kind: 'api_call',
    service: eventSource,
    operation: eventName,
    refused: errorCode !== undefined,
    ...defined('accessKeyId', userIdentity?.accessKeyId),
  };
}

function exploit(succeeded: boolean, json: unknown): EventDetail {
  const { cve, value, attempted_command } = Exploit.parse(json);
  return { kind: 'exploit', succeeded, name: cve, ...defined('text', attempted_command ?? value) };
}

function secondsToMs(duration: string | number | undefined): number | null {
  const seconds = Number(duration);
  return duration === undefined || !Number.isFinite(seconds) ? null : Math.round(seconds * 1000);
}

/** An absent value is an absent key, not `undefined`. */
function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  // A computed key widens to an index signature; the shape is the one the signature says.
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
