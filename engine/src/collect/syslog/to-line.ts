import type { RawLine } from '@cerberusmesh/contract/raw-line';
import { z } from 'zod';
import { decodeLine } from '../raw-lines.ts';
import { readSyslog, type SyslogMessage } from './header.ts';
import { readPythonLiteral } from './python-literal.ts';

/** A line of a Cowrie, or of anything else that speaks our form already. */
const OwnLine = z.looseObject({ eventid: z.string(), timestamp: z.string() });
// CEF:Version|Vendor|Product|Version|Signature|Name|Severity|Extension
const cowrieCef = /^CEF:0\|Cowrie\|Cowrie\|[^|]{0,20}\|([\w.-]{1,200})\|[^|]{0,200}\|\d{1,2}\|/;
const cefPair = /(?:^| )([a-zA-Z]{1,40})=/g;

/**
 * A message of syslog as a line of our form: an event that a Cowrie sent as JSON (`imfile` and the like), as Python text
 * (`output_remotesyslog`) or as CEF; else a generic event. A line that is none of them and cannot be decoded stays as it came.
 */
export function toLine(bytes: Buffer, coveredBytes: number, sender: string, now: Date): RawLine {
  const raw = decodeLine(bytes, coveredBytes);
  const message = readSyslog(raw.text, now);
  const own = ownLine(message.body);
  if (own !== undefined) return { text: own, coveredBytes };
  const cef = readCowrieCef(message.body);
  const line = { ...(cef ?? { eventid: 'syslog.message', message: message.body }), ...momentOf(message.at ?? now) };
  const { severity, facility, program } = message;
  const sensor = cef?.sensor ?? sensorOf(message, sender);
  const text = JSON.stringify({ ...line, sensor, syslog: { severity, facility, program, sender } });
  return { text, coveredBytes, ...(raw.bytes === undefined ? {} : { bytes: raw.bytes }) };
}

function ownLine(body: string): string | undefined {
  const text = body.replace(/^@cee: ?/, '');
  if (!text.startsWith('{')) return undefined;
  if (OwnLine.safeParse(parseJson(text)).success) return text;
  const literal = readPythonLiteral(text);
  return OwnLine.safeParse(literal).success ? JSON.stringify(literal) : undefined;
}

/** Cowrie's CEF names no session and not what was typed, so it says who logged in and little more. */
function readCowrieCef(body: string) {
  const header = cowrieCef.exec(body);
  if (!header) return undefined;
  const fields = cefFields(body.slice(header[0].length));
  const eventid = header[1] ?? '';
  const username = fields.get('duser');
  const shasum = fields.get('filehash');
  return {
    eventid,
    message: fields.get('msg') ?? '',
    ...(fields.has('src') ? { src_ip: fields.get('src') } : {}),
    sensor: fields.get('deviceExternalId')?.slice(0, 255),
    ...(username === undefined ? {} : { username }),
    ...(shasum === undefined ? {} : { shasum, outfile: fields.get('filePath') ?? '' }),
  };
}

/** Values may hold blanks, and `=`, `\` and line breaks as escapes. */
function cefFields(text: string): Map<string, string> {
  const found = [...text.matchAll(cefPair)].filter(({ index }) => text[index - 1] !== '\\');
  return new Map(
    found.map((pair, position) => {
      const value = text.slice(pair.index + pair[0].length, found[position + 1]?.index ?? text.length);
      return [pair[1] ?? '', value.replace(/\\(.)/g, (_, escaped: string) => cefEscapes.get(escaped) ?? escaped)];
    }),
  );
}

const cefEscapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
]);

function sensorOf({ host }: SyslogMessage, sender: string): string {
  return `syslog ${host ?? sender}`.slice(0, 255);
}

/** Both, because a Cowrie's wrong time zone that is configured is not syslog's: an `epoch` is taken as it is. */
function momentOf(at: Date) {
  return { timestamp: at.toISOString(), epoch: at.getTime() };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
