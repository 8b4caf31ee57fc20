import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { z } from 'zod';
import { hashText } from './known-shapes.ts';
import { readTrainedFile } from './trained-file.ts';

/** How often credentials are tried at honeypots: 32-bit hashes, ascending, with their counts on a logarithmic scale. */
const Counts = z.object({
  /** Base64 of little-endian Uint32. */
  hashes: z.base64(),
  /** Base64 of bytes: 8 to each doubling, 1 is once. */
  counts: z.base64(),
});

const CredentialFile = z.strictObject({
  kind: z.literal('credentials'),
  version: z.string(),
  pairs: Counts,
  usernames: Counts,
  passwords: Counts,
});
type CredentialFile = z.infer<typeof CredentialFile>;

export interface Credentials {
  readonly version: string;
  /** 0 the commonest of all guesses … 1 neither name nor password was ever seen. */
  oddness(username: string, password: string): number;
}

const stepsPerDoubling = 8;
/** What name and password weigh where the two were never seen together: then half of the scale is left to them. */
const together = 0.5;
const looked = 64;

/** @throws CerberusError MODEL_UNUSABLE */
export function loadCredentials(path: string): Credentials {
  return readTrainedFile(path, 'a credential model', (json) => credentialsOf(CredentialFile.parse(json)));
}

/** The oddness of the least common credentials of a session, this event's included; -1 before a login with a password. */
export function oddestLoginAfter({ detail }: SensorEvent, session: SessionState, credentials: Credentials): number {
  const before = session.oddestLogin ?? -1;
  if (detail.kind !== 'login' || detail.password === undefined) return before;
  return Math.max(before, credentials.oddness(detail.username, detail.password));
}

/** Familiarity grows with the logarithm of how often a pair, a name or a password was tried. */
export function credentialsOf(file: CredentialFile): Credentials {
  const pairs = familiarityOf(file.pairs);
  const usernames = familiarityOf(file.usernames);
  const passwords = familiarityOf(file.passwords);
  return { version: file.version, oddness };

  function oddness(username: string, password: string): number {
    const [name, word] = [username.slice(0, looked), password.slice(0, looked)];
    const pair = pairs(`${name}\n${word}`);
    if (pair > 0) return (1 - together) * (1 - pair);
    return 1 - (together * (usernames(name) + passwords(word))) / 2;
  }
}

/** 0 never seen … 1 the commonest. */
function familiarityOf({ hashes, counts }: z.infer<typeof Counts>): (text: string) => number {
  const keys = new Uint32Array(Uint8Array.from(Buffer.from(hashes, 'base64')).buffer);
  const values = Uint8Array.from(Buffer.from(counts, 'base64'));
  const most = values.reduce((a, b) => Math.max(a, b), 1);
  const known = new Map(Array.from(keys, (key, at) => [key, (values[at] ?? 0) / most]));
  return (text) => known.get(hashText(text)) ?? 0;
}

export interface CredentialCount {
  readonly username: string;
  readonly password: string;
  readonly count: number;
}

/** The model of how often names, passwords and pairs are tried; of the texts themselves only hashes are in it. */
export function countCredentials(tried: readonly CredentialCount[], version: string): CredentialFile {
  const pairs = new Map<number, number>();
  const usernames = new Map<number, number>();
  const passwords = new Map<number, number>();
  for (const { username, password, count } of tried) {
    const [name, word] = [username.slice(0, looked), password.slice(0, looked)];
    add(pairs, `${name}\n${word}`, count);
    add(usernames, name, count);
    add(passwords, word, count);
  }
  return {
    kind: 'credentials',
    version,
    pairs: packed(pairs),
    usernames: packed(usernames),
    passwords: packed(passwords),
  };
}

function add(counts: Map<number, number>, text: string, count: number): void {
  const hash = hashText(text);
  counts.set(hash, (counts.get(hash) ?? 0) + count);
}

function packed(counts: ReadonlyMap<number, number>): z.infer<typeof Counts> {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const bytes = Uint8Array.from(sorted, ([, count]) =>
    Math.min(255, 1 + Math.round(Math.log2(count) * stepsPerDoubling)),
  );
  return {
    hashes: Buffer.from(Uint32Array.from(sorted, ([hash]) => hash).buffer).toString('base64'),
    counts: Buffer.from(bytes).toString('base64'),
  };
}
