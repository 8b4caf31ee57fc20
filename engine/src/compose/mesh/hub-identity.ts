import { randomUUID, X509Certificate } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';

export interface HubIdentity {
  /** Key and certificate. */
  readonly pem: string;
  /** What sensors pin: `SHA256:` and the certificate's hash in hexadecimal. */
  readonly fingerprint: string;
}

/** Sensors trust the fingerprint and nothing else, so it changes only when somebody removes the file. */
const lifeMs = 30 * 365 * 86_400_000;

/** The hub's key and certificate in `hub.pem`, made at the first start. @throws CerberusError BAD_CONFIGURATION for a damaged file */
export async function openHubIdentity(dataDir: string, now: Date): Promise<HubIdentity> {
  const file = join(dataDir, 'hub.pem');
  let pem = await readFile(file, 'utf8').catch(() => undefined);
  if (pem === undefined) {
    await mkdir(dataDir, { recursive: true });
    // Two processes may start at once: `link` lets exactly one of them name the file.
    const draft = `${file}.${process.pid}`;
    try {
      await writeFile(draft, await makeIdentity(now), { mode: 0o600 });
      await link(draft, file).catch(() => undefined);
    } finally {
      await rm(draft, { force: true });
    }
    pem = await readFile(file, 'utf8');
  }
  try {
    const certificate = new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE')));
    return { pem, fingerprint: `SHA256:${certificate.fingerprint256.replaceAll(':', '').toLowerCase()}` };
  } catch (cause) {
    throw new CerberusError('BAD_CONFIGURATION', `${file} holds no certificate; put the right file back.`, cause);
  }
}

async function makeIdentity(now: Date): Promise<string> {
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'cerberusmesh hub' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A sensor's clock may be before ours.
    notBeforeDate: new Date(now.getTime() - 86_400_000),
    notAfterDate: new Date(now.getTime() + lifeMs),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: `hub-${randomUUID()}.invalid` }] }],
  });
  return `${made.private.trim()}\n${made.cert.trim()}\n`;
}
