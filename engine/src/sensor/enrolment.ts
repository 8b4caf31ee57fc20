import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { SensorName, sensorSecretPattern } from '@cerberusmesh/contract/mesh';
import { z } from 'zod';

const fingerprintForm = /^SHA256:[0-9a-f]{64}$/;

/** Where this sensor belongs, and by what it is known there. */
const Enrolment = z.strictObject({
  hub: z.url(),
  fingerprint: z.string().regex(fingerprintForm),
  secret: z.string().regex(sensorSecretPattern),
  /** Null until the hub has said so. */
  sensor: SensorName.nullable(),
});
export type Enrolment = Readonly<z.infer<typeof Enrolment>>;

/** @throws CerberusError BAD_CONFIGURATION where this sensor was never enrolled, or the file is damaged. */
export function readEnrolment(dataDir: string): Enrolment {
  const file = fileIn(dataDir);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CerberusError(
      'BAD_CONFIGURATION',
      `This sensor is not enrolled (there is no ${file}): run what \`cerberus sensors invite\` prints at the hub.`,
      cause,
    );
  }
  try {
    return Enrolment.parse(JSON.parse(text));
  } catch (cause) {
    throw new CerberusError('BAD_CONFIGURATION', `${file} is damaged: enrol this sensor again.`, cause);
  }
}

/** Whether the hub has said by which name it knows this sensor; a damaged file counts as no. */
export function isEnrolled(dataDir: string): boolean {
  try {
    return readEnrolment(dataDir).sensor !== null;
  } catch {
    return false;
  }
}

/**
 * A secret of its own for this hub, kept before it is sent: whatever is lost on the way, the same invitation can be
 * redeemed again with it.
 */
export function beginEnrolment(dataDir: string, hub: string, pin: string): Enrolment {
  const fingerprint = normalizeFingerprint(pin);
  try {
    const known = readEnrolment(dataDir);
    if (known.hub === hub && known.fingerprint === fingerprint && known.sensor === null) return known;
  } catch {
    // None yet, or none that can be used.
  }
  const secret = `cs_${randomBytes(32).toString('base64url')}`;
  return writeEnrolment(dataDir, { hub, fingerprint, secret, sensor: null });
}

/** Whole or not at all, and for its owner only: the secret is in it. */
export function writeEnrolment(dataDir: string, enrolment: Enrolment): Enrolment {
  mkdirSync(dataDir, { recursive: true });
  const file = fileIn(dataDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(enrolment, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return enrolment;
}

/** Takes what OpenSSL prints too. @throws CerberusError VALIDATION_FAILED */
function normalizeFingerprint(given: string): string {
  const hex = given
    .replace(/^sha256[:=]/i, '')
    .replaceAll(':', '')
    .toLowerCase();
  const fingerprint = `SHA256:${hex}`;
  if (fingerprintForm.test(fingerprint)) return fingerprint;
  throw new CerberusError('VALIDATION_FAILED', `Expected SHA256: and 64 hexadecimal digits, as the hub shows them.`);
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'sensor.json');
}
