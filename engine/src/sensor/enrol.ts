import { readFileSync } from 'node:fs';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { EnrolAnswer, invitationPattern } from '@cerberusmesh/contract/mesh';
import { reasonOf } from '../kit/reason-of.ts';
import { beginEnrolment, writeEnrolment } from './enrolment.ts';
import { createHubClient } from './hub-client.ts';

const enrolTimeoutMs = 20_000;
/** What `cerberus sensors invite` prints, however it was wrapped or prompted. */
const printed = /(https:\/\/\S+)\s+--token\s+(\S+)\s+--fingerprint\s+(\S+)/;

export interface Invitation {
  /** `https://host:port` */
  readonly hub: string;
  readonly token: string;
  /** Of the hub's certificate. */
  readonly fingerprint: string;
}

/**
 * Makes this sensor known to the hub, and gives the name by which it is known there.
 * @throws CerberusError VALIDATION_FAILED where the invitation is none, HUB_REFUSED where the hub does not take it.
 */
export async function enrol(stateDir: string, { hub, token, fingerprint }: Invitation): Promise<string> {
  if (!invitationPattern.test(token))
    throw new CerberusError(
      'VALIDATION_FAILED',
      'The token is not one of `cerberus sensors invite`: ci_ and 43 letters.',
    );
  const begun = beginEnrolment(stateDir, hubAddress(hub), fingerprint);
  const client = createHubClient({ hub: begun.hub, fingerprint: begun.fingerprint });
  try {
    const body = Buffer.from(JSON.stringify({ invitation: token, secret: begun.secret }));
    const json = { 'content-type': 'application/json' };
    const answer = await client.post('/mesh/enrol', body, json, { timeoutMs: enrolTimeoutMs });
    if (answer.status === 401)
      throw new CerberusError(
        'HUB_REFUSED',
        'This invitation is unknown, was used, or is older than a day: ask for another.',
      );
    const answered = EnrolAnswer.safeParse(answer.body);
    if (!answered.success) throw new CerberusError('HUB_REFUSED', `It answered ${answer.status}; is this a hub?`);
    writeEnrolment(stateDir, { ...begun, sensor: answered.data.sensor });
    return answered.data.sensor;
  } finally {
    client.close();
  }
}

/** Reads what `cerberus sensors invite` printed at the hub. @throws CerberusError BAD_CONFIGURATION */
export function readInvitation(file: string): Invitation {
  const [, hub, token, fingerprint] = printed.exec(readText(file)) ?? [];
  if (hub === undefined || token === undefined || fingerprint === undefined)
    throw new CerberusError(
      'BAD_CONFIGURATION',
      `${file} does not hold what \`cerberus sensors invite NAME --hub https://…\` printed at the hub; write that line into it.`,
    );
  return { hub, token, fingerprint };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CerberusError('BAD_CONFIGURATION', `The invitation cannot be read: ${reasonOf(cause)}.`, cause);
  }
}

function hubAddress(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol === 'https:') return url.origin;
  throw new CerberusError('VALIDATION_FAILED', `Expected https://host:port, came ${JSON.stringify(given)}.`);
}
