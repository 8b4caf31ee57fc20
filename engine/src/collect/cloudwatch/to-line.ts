import { isIP } from 'node:net';
import type { RawLine } from '@cerberusmesh/contract/raw-line';
import { z } from 'zod';

/** One event of a log group, as AWS gives it. */
export interface GroupEvent {
  readonly eventId?: string | undefined;
  readonly logStreamName?: string | undefined;
  /** Milliseconds since 1970. */
  readonly timestamp?: number | undefined;
  readonly message?: string | undefined;
}

/** A line of a Cowrie, or of anything else that speaks our form already. */
const OwnLine = z.looseObject({ eventid: z.string(), timestamp: z.string() });

const Trail = z.looseObject({
  eventVersion: z.string(),
  eventTime: z.string(),
  eventSource: z.string(),
  eventName: z.string(),
  sourceIPAddress: z.string().optional().catch(undefined),
  recipientAccountId: z.string().optional().catch(undefined),
  userIdentity: z
    .looseObject({ accessKeyId: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** What was logged as a line of our form: as it is, as a call at AWS where CloudTrail wrote it, else as a generic event. */
export function toLine(group: string, { eventId, logStreamName, timestamp, message = '' }: GroupEvent): RawLine {
  const coveredBytes = Buffer.byteLength(message);
  const json = parseJson(message);
  if (OwnLine.safeParse(json).success) return { text: message, coveredBytes };
  const trail = Trail.safeParse(json);
  if (trail.success) return { text: JSON.stringify(ofTrail(trail.data)), coveredBytes };
  const line = {
    eventid: 'cloudwatch.log',
    ...momentOf(timestamp ?? 0),
    sensor: `cloudwatch ${group}`.slice(0, 255),
    message,
    // Two equal messages of one moment are two events.
    cloudwatch: { eventId, logStreamName },
  };
  return { text: JSON.stringify(line), coveredBytes };
}

/** All calls with one key from one address are one session: that is what is decided about. */
function ofTrail(trail: z.infer<typeof Trail>) {
  const address = trail.sourceIPAddress ?? '';
  const key = trail.userIdentity?.accessKeyId;
  return {
    eventid: 'aws.cloudtrail',
    ...momentOf(Date.parse(trail.eventTime) || 0),
    sensor: `cloudtrail ${trail.recipientAccountId ?? ''}`.trim().slice(0, 255),
    protocol: 'aws',
    // AWS itself is told as a host name; that is no attacker's address.
    ...(isIP(address) === 0 ? {} : { src_ip: address }),
    ...(key === undefined ? {} : { session: `${key} ${address}`.slice(0, 255) }),
    cloudtrail: trail,
  };
}

/** Both, because a Cowrie's wrong time zone that is configured is not AWS's: an `epoch` is taken as it is. */
function momentOf(epochMs: number) {
  return { timestamp: new Date(epochMs).toISOString(), epoch: epochMs };
}

function parseJson(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
