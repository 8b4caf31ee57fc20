import type { Assessment, TechniqueFinding } from '@cerberusmesh/contract/assessment';
import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type pg from 'pg';
import { forEachBreathing } from '../kit/breathe.ts';
import { uuidColumn } from './array-parameters.ts';
import { CopyEncoder } from './copy-encoder.ts';
import type { Statement } from './statement.ts';
import { storableJson } from './storable-json.ts';

const columns = [
  'id',
  'event_type',
  'timestamp',
  'sensor',
  'session_id',
  'protocol',
  'source_ip',
  'source_port',
  'command',
  'username',
  'password',
  'severity',
  'threat_score',
  'anomaly_score',
  'attack_type',
  'confidence',
  'techniques',
  'why',
  'assessment',
  'is_analyzed',
  'is_probe',
  'raw_event',
  'raw_bytes',
] as const;

/** A confidence is kept in ten thousandths: the sixteen digits of a product of estimates say nothing, and cost the server their parsing. */
const confidenceSteps = 10_000;
/** A little more than most rows take; a buffer that is too short doubles. */
const usualRowBytes = 1024;

/** One COPY for the whole batch. Fails as a whole where an id is stored already: look with `findStored` first. */
export function copyStatement(rows: Buffer): Statement {
  return { text: `copy events (${columns.join(', ')}) from stdin with (format binary)`, rows };
}

export interface EncodedEvents {
  readonly rows: Buffer;
  /** The memory that the rows are in, which may be used again once they are sent. */
  readonly buffer: Buffer;
}

/** The batch as COPY takes it. */
export async function encodeEvents(
  lines: readonly AssessedLine[],
  takeBuffer: (bytes: number) => Buffer = Buffer.allocUnsafe,
): Promise<EncodedEvents> {
  const encoder = new CopyEncoder(takeBuffer(lines.length * usualRowBytes + 64));
  await forEachBreathing(lines, (line) => encodeRow(encoder, line));
  return { rows: encoder.finish(), buffer: encoder.whole() };
}

/**
 * Which of these ids are stored. A log read forward finds next to nothing between its least and its greatest id, so that
 * span is read first, which costs a fraction of looking each id up; where it holds more than was asked for, each is.
 */
export async function findStored(client: pg.ClientBase | pg.Pool, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  let [least, greatest] = [ids[0] ?? '', ids[0] ?? ''];
  for (const id of ids) {
    if (id < least) least = id;
    if (id > greatest) greatest = id;
  }
  const span = await client.query<{ id: string }>({
    name: 'find stored in a span',
    text: 'select id from events where id between $1 and $2 limit $3',
    values: [least, greatest, ids.length + 1],
  });
  if (span.rows.length === 0) return new Set();
  const inSpan = new Set(span.rows.map((row) => row.id));
  if (span.rows.length <= ids.length) return new Set(ids.filter((id) => inSpan.has(id)));
  // The bounds let PostgreSQL leave all other partitions alone.
  const { rows } = await client.query<{ id: string }>({
    name: 'find stored',
    text: 'select id from events where id between $2 and $3 and id = any($1::uuid[])',
    values: [uuidColumn(ids, (id) => id), least, greatest],
  });
  return new Set(rows.map((row) => row.id));
}

function encodeRow(rows: CopyEncoder, { event, assessment, rawJson, rawBytes, probe }: AssessedLine): void {
  rows.row(columns.length);
  rows.uuid(event.id);
  rows.text(event.eventType);
  rows.timestamp(event.epochMs, Number(event.timestamp.slice(23, 26)));
  rows.text(event.sensor);
  rows.text(event.sessionId);
  rows.text(event.protocol);
  rows.text(event.sourceIp);
  rows.integer(event.sourcePort);
  rows.text(commandOf(event));
  rows.text(event.detail.kind === 'login' ? event.detail.username : null);
  rows.text(event.detail.kind === 'login' ? event.detail.password : null);
  rows.text(assessment?.severity ?? 'UNKNOWN');
  rows.real(assessment?.threatScore ?? null);
  rows.real(assessment?.anomalyScore ?? null);
  rows.text(assessment?.attackType);
  rows.real(assessment?.confidence ?? null);
  rows.textArray(assessment?.techniques.map((technique) => technique.id) ?? null);
  rows.text(assessment?.why);
  rows.json(assessment ? explanationOf(assessment) : null);
  rows.boolean(assessment !== null);
  rows.boolean(probe);
  rows.text(rawJson);
  rows.bytes(rawBytes);
}

/**
 * The column that says why, as JSON; null where there is nothing to explain. Keys stand in the order of jsonb, shortest
 * first, which then has nothing to sort.
 */
export function explanationOf({ techniques, partial, modelVersion }: Assessment): string | null {
  if (techniques.length === 0 && !partial) return null;
  return storableJson({ partial, techniques: techniques.map(inOrderOfJsonb), modelVersion });
}

function inOrderOfJsonb({ id, why, span, confidence }: TechniqueFinding): TechniqueFinding {
  const known = Math.round(confidence * confidenceSteps) / confidenceSteps;
  return span
    ? { id, why, span: { end: span.end, start: span.start }, confidence: known }
    : { id, why, confidence: known };
}

function commandOf({ detail }: SensorEvent): string | null {
  return detail.kind === 'command' || detail.kind === 'input' ? detail.input : null;
}
