import type { EventDetail } from '@cerberusmesh/contract/sensor-event';
import { z } from 'zod';
import { createReader } from '../kit/schema-guard.ts';
import { toStorableText } from './visible-text.ts';

/** Reads the fields of one Cowrie event id. Throws ZodError where they are not what the id promises. */
export type DetailReader = (json: unknown) => EventDetail;

// Texts are made storable after they are read: a schema with a transform would not be guarded (`schema-guard.ts`).
const text = z.string().optional();
const flag = z.boolean().optional().catch(undefined);
/** Cowrie wrote seconds as a number (to 2.6), as a string (2.7 to 3.0.3), and whole milliseconds since. */
const duration = { duration_ms: z.number().optional(), duration: z.union([z.number(), z.string()]).optional() };

const readClosed = createReader(z.object(duration));
const readLogin = createReader(z.object({ username: text, password: text, fingerprint: text }));
const readInput = createReader(z.object({ input: z.string(), realm: text }));
const readVersion = createReader(z.object({ version: z.string() }));
const readKex = createReader(z.object({ hassh: text }));
const readChpasswd = createReader(z.object({ username: text }));
/** `dst_*` of these events is the tunnel's target and no address of ours. */
const readTunnel = createReader(z.object({ dst_ip: text, dst_port: z.coerce.number().optional(), data: text }));
const readTransfer = createReader(
  z.object({ url: text, shasum: text, destfile: text, filename: text, outfile: text, duplicate: flag }),
);
const readRecording = createReader(z.object({ ...duration, ttylog: text, shasum: text, duplicate: flag }));
const readExploit = createReader(z.object({ cve: text, value: text, attempted_command: text }));
const userIdentity = z.object({ accessKeyId: text }).optional();
const readTrail = createReader(
  z.object({ cloudtrail: z.object({ eventSource: text, eventName: text, errorCode: text, userIdentity }) }),
);

/** One reader per event id of Cowrie 1.2 to 3.1. An id that is not here gives a generic event. */
export const readers: ReadonlyMap<string, DetailReader> = new Map<string, DetailReader>([
  ['cowrie.session.connect', () => ({ kind: 'connect' })],
  ['cowrie.session.closed', (json) => ({ kind: 'closed', durationMs: durationMsOf(readClosed(json)) })],
  ['cowrie.client.version', (json) => ({ kind: 'client', version: toStorableText(readVersion(json).version) })],
  ['cowrie.client.kex', (json) => ({ kind: 'client', ...storable('hassh', readKex(json).hassh) })],
  ['cowrie.login.success', (json) => login(true, json)],
  ['cowrie.login.failed', (json) => login(false, json)],
  ['cowrie.command.input', (json) => command('typed', json)],
  ['cowrie.command.success', (json) => command('found', json)],
  ['cowrie.command.failed', (json) => command('missing', json)],
  ['cowrie.command.chpasswd', chpasswd],
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
  const { username = '', password, fingerprint } = readLogin(json);
  return {
    kind: 'login',
    succeeded,
    username: toStorableText(username),
    ...storable('password', password),
    ...storable('keyFingerprint', fingerprint),
  };
}

function command(phase: 'typed' | 'found' | 'missing', json: unknown): EventDetail {
  const { input, realm } = readInput(json);
  return { kind: 'command', phase, input: toStorableText(input), ...storable('realm', realm) };
}

function input(json: unknown): EventDetail {
  const { input, realm = '' } = readInput(json);
  return { kind: 'input', realm: toStorableText(realm), input: toStorableText(input) };
}

function chpasswd(json: unknown): EventDetail {
  const { username = '' } = readChpasswd(json);
  return { kind: 'input', realm: 'chpasswd', input: toStorableText(username) };
}

function transfer(direction: 'download' | 'upload', succeeded: boolean, json: unknown): EventDetail {
  const { url, shasum, destfile, filename, outfile, duplicate } = readTransfer(json);
  const path = destfile ?? filename;
  return {
    kind: 'transfer',
    direction,
    succeeded,
    ...storable('url', url),
    ...storable('sha256', shasum),
    ...storable('path', path),
    ...storable('keptAs', outfile),
    ...defined('isRepeat', duplicate),
  };
}

function tunnel(phase: 'asked' | 'sent', json: unknown): EventDetail {
  const { dst_ip = '', dst_port = 0, data } = readTunnel(json);
  return { kind: 'tunnel', phase, host: toStorableText(dst_ip), port: dst_port, ...storable('text', data) };
}

function recording(json: unknown): EventDetail {
  const recorded = readRecording(json);
  const { ttylog = '', shasum, duplicate } = recorded;
  return {
    kind: 'recording',
    path: toStorableText(ttylog),
    durationMs: durationMsOf(recorded),
    ...storable('sha256', shasum),
    ...defined('isRepeat', duplicate),
  };
}

function apiCall(json: unknown): EventDetail {
  const { eventSource = '', eventName = '', errorCode, userIdentity } = readTrail(json).cloudtrail;
  return {
    kind: 'api_call',
    service: toStorableText(eventSource),
    operation: toStorableText(eventName),
    refused: errorCode !== undefined,
    ...storable('accessKeyId', userIdentity?.accessKeyId),
  };
}

function exploit(succeeded: boolean, json: unknown): EventDetail {
  const { cve = '', value, attempted_command } = readExploit(json);
  return { kind: 'exploit', succeeded, name: toStorableText(cve), ...storable('text', attempted_command ?? value) };
}

function durationMsOf({ duration_ms, duration }: ReturnType<typeof readClosed>): number | null {
  if (duration_ms !== undefined) return duration_ms;
  const seconds = Number(duration);
  return duration === undefined || !Number.isFinite(seconds) ? null : Math.round(seconds * 1000);
}

function storable<K extends string>(key: K, text: string | undefined): { [P in K]?: string } {
  return defined(key, text === undefined ? undefined : toStorableText(text));
}

/** An absent value is an absent key, not `undefined`. */
function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  // A computed key widens to an index signature; the shape is the one the signature says.
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
