import { hash } from 'node:crypto';
import {
  type LineReading,
  type Normalize,
  type NormalizedLine,
  sessionKeyOf,
} from '@cerberusmesh/contract/between-stages';
import { composeEventId } from '@cerberusmesh/contract/event-id';
import { clockAheadMaxMs, LineFields } from '@cerberusmesh/contract/pushed-line';
import type { ParkedLine, ParkReason, RawLine } from '@cerberusmesh/contract/raw-line';
import type { EventDetail, SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { z } from 'zod';
import { guardOf } from '../kit/schema-guard.ts';
import { isTooDeep, nestingMax } from './nesting.ts';
import { readers } from './readers.ts';
import { findReadableEnd } from './salvage.ts';
import { createTimestampReader, createZoneShift, type Instant, instantOfId } from './timestamp.ts';
import { toStorableJson, toStorableText } from './visible-text.ts';

type Common = z.infer<typeof LineFields>;

const areSound = guardOf(LineFields);

/** What is only decoration may be wrong and is then absent; nearly no line needs it. */
const FieldsWithFaults = LineFields.extend({
  epoch: LineFields.shape.epoch.catch(undefined),
  sensor: LineFields.shape.sensor.catch(undefined),
  protocol: LineFields.shape.protocol.catch(undefined),
  src_ip: LineFields.shape.src_ip.catch(undefined),
  src_port: LineFields.shape.src_port.catch(undefined),
  late: LineFields.shape.late.catch(undefined),
});

export interface NormalizeOptions {
  /** The zone of a Cowrie that writes local time with a false `Z`; absent for UTC. */
  readonly timeZone?: string;
}

/** Reads raw lines as sensor events. A line that cannot be read is parked with its reason; it costs no neighbour. */
export function createNormalize({ timeZone }: NormalizeOptions = {}): Normalize {
  const readTimestamp = createTimestampReader(timeZone === undefined ? undefined : createZoneShift(timeZone));

  return function normalize(line: RawLine): LineReading {
    if (line.unreadable) return { line: null, parked: [park(line, line.unreadable.reason, line.unreadable.expected)] };
    const json = parseJson(line.text);
    if (json === undefined) return salvage(line);
    return read(line, json);
  };

  function read(line: RawLine, json: unknown): LineReading {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      return {
        line: null,
        parked: [park(line, 'not_an_object', `Expected a JSON object, came ${json === null ? 'null' : typeof json}.`)],
      };
    }
    if (isTooDeep(line.text)) {
      return { line: null, parked: [park(line, 'bad_shape', `Expected at most ${nestingMax} levels, came more.`)] };
    }
    const common = readCommon(json);
    if (common instanceof z.ZodError) return { line: null, parked: [park(line, reasonOf(common), explain(common))] };
    const instant = line.eventId ? instantOfId(line.eventId) : readTimestamp(common.timestamp, common.epoch);
    if (!instant) {
      const came = JSON.stringify(common.timestamp.slice(0, 60));
      return {
        line: null,
        parked: [park(line, 'bad_timestamp', `Expected an ISO 8601 time after the year 2000, came ${came}.`)],
      };
    }
    const ahead = instant.epochMs - (line.receivedEpochMs ?? Number.POSITIVE_INFINITY);
    if (ahead > clockAheadMaxMs) return { line: null, parked: [park(line, 'future_timestamp', explainAhead(ahead))] };
    const detail = readDetail(common.eventid, json);
    if (detail instanceof z.ZodError) return { line: null, parked: [park(line, 'bad_shape', explain(detail))] };
    return { line: finish(line, common, instant, detail), parked: [] };
  }

  /** After a crash a line may begin with the stump of another. Both halves are kept: the end as an event, the stump parked. */
  function salvage(line: RawLine): LineReading {
    const end = findReadableEnd(line.text);
    if (end === undefined) {
      return { line: null, parked: [park(line, 'not_json', `Expected one JSON object, came ${describe(line.text)}.`)] };
    }
    const stump = Buffer.from(line.text.slice(0, end), 'utf8');
    const rest = read(
      { ...sensorOf(line), text: line.text.slice(end), coveredBytes: line.coveredBytes - stump.length },
      JSON.parse(line.text.slice(end)),
    );
    const explanation = `Expected one JSON object, came the stump of one before a whole one: ${describe(line.text)}.`;
    return {
      ...rest,
      parked: [{ reason: 'cut_line', explanation, bytes: stump, coveredBytes: stump.length }, ...rest.parked],
    };
  }
}

function explainAhead(aheadMs: number): string {
  const [minutes, most] = [aheadMs, clockAheadMaxMs].map((ms) => Math.round(ms / 60_000));
  return `Expected a time that is at most ${most} minutes ahead of our clock, came one that is ${minutes} minutes ahead; set the sensor's clock, and try this again later.`;
}

function readCommon(json: unknown): Common | z.ZodError {
  if (areSound(json)) return json;
  const read = FieldsWithFaults.safeParse(json);
  return read.success ? read.data : read.error;
}

function readDetail(eventid: string, json: unknown): EventDetail | z.ZodError {
  const reader = readers.get(eventid);
  if (!reader) return { kind: 'generic' };
  try {
    return reader(json);
  } catch (error) {
    if (error instanceof z.ZodError) return error;
    throw error;
  }
}

function finish(line: RawLine, common: Common, instant: Instant, detail: EventDetail): NormalizedLine {
  const rawJson = toStorableJson(line.text);
  const event: SensorEvent = {
    id: line.eventId ?? composeEventId(instant.epochMs, instant.microsecond, hash('sha256', identityOf(line))),
    eventType: toStorableText(common.eventid),
    timestamp: instant.text,
    epochMs: instant.epochMs,
    sensor: line.sensor ?? toStorableText(common.sensor ?? ''),
    sessionId: textOrNull(common.session),
    protocol: textOrNull(common.protocol),
    sourceIp: textOrNull(common.src_ip),
    sourcePort: common.src_port ?? null,
    late: common.late ?? false,
    detail,
  };
  const faithful = rawJson === line.text && line.bytes === undefined;
  return {
    event,
    sessionKey: sessionKeyOf(event),
    rawJson,
    rawBytes: faithful ? null : (line.bytes ?? Buffer.from(line.text)),
    coveredBytes: line.coveredBytes,
  };
}

function identityOf({ sensor, text }: RawLine): string {
  return sensor === undefined ? text : `${sensor}\0${text}`;
}

/** What holds for the rest of a line too. */
function sensorOf({ sensor, receivedEpochMs }: RawLine): Pick<RawLine, 'sensor' | 'receivedEpochMs'> {
  return { ...(sensor === undefined ? {} : { sensor }), ...(receivedEpochMs === undefined ? {} : { receivedEpochMs }) };
}

function textOrNull(text: string | null | undefined): string | null {
  return text ? toStorableText(text) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function park(line: RawLine, reason: ParkReason, explanation: string): ParkedLine {
  return { reason, explanation, bytes: line.bytes ?? Buffer.from(line.text, 'utf8'), coveredBytes: line.coveredBytes };
}

function reasonOf(error: z.ZodError): ParkReason {
  const field = error.issues[0]?.path[0];
  return field === 'eventid' ? 'no_eventid' : field === 'timestamp' ? 'bad_timestamp' : 'bad_shape';
}

function explain(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join('.') || 'line'}: ${issue.message}`)
    .join('; ')
    .slice(0, 500);
}

/** The line's beginning as JSON text, so that control characters in it are visible and harmless. */
function describe(text: string): string {
  return text.length <= 60
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, 60))} … (${text.length} characters)`;
}
