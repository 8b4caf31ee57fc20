/** A syslog message without its header; what the header does not say is null. */
export interface SyslogMessage {
  readonly severity: number | null;
  readonly facility: number | null;
  readonly host: string | null;
  readonly program: string | null;
  readonly at: Date | null;
  readonly body: string;
}

const priority = /^<(\d{1,3})>/;
// VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP
const rfc5424 = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /;
const rfc3164 =
  /^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\S{1,255}) ([^\s:[]{1,64})(?:\[\d{1,10}\])?: ?/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const dayMs = 86_400_000;

/** RFC 5424, RFC 3164 (in UTC, as it names no zone and no year), or a bare text after the priority, as Python sends it. */
export function readSyslog(text: string, now: Date): SyslogMessage {
  const [head = '', number] = priority.exec(text) ?? [];
  const code = number === undefined ? null : Number(number);
  const level = { severity: code === null ? null : code & 7, facility: code === null ? null : code >> 3 };
  const rest = text.slice(head.length);
  const modern = rfc5424.exec(rest);
  if (modern) {
    const [all, time = '', host = '', program = ''] = modern;
    const at = new Date(time);
    const said = { host: unlessDash(host), program: unlessDash(program) };
    return { ...level, ...said, at: validOrNull(at), body: afterStructuredData(rest.slice(all.length)) };
  }
  const old = rfc3164.exec(rest);
  if (!old) return { ...level, host: null, program: null, at: null, body: rest };
  const [all, month = '', day, hour, minute, second, host = '', program = ''] = old;
  const time = [months.indexOf(month), day, hour, minute, second].map(Number);
  return { ...level, host, program, at: nearest(time, now), body: rest.slice(all.length) };
}

/** `-`, or elements in brackets whose values may hold an escaped `]`. */
function afterStructuredData(text: string): string {
  if (text.startsWith('- ') || text === '-') return withoutMark(text.slice(2));
  let at = 0;
  while (text[at] === '[') {
    let isQuoted = false;
    for (at++; at < text.length && (isQuoted || text[at] !== ']'); at++) {
      if (text[at] === '\\') at++;
      else if (text[at] === '"') isQuoted = !isQuoted;
    }
    at++;
  }
  return withoutMark(text.slice(at).replace(/^ /, ''));
}

/** RFC 5424 marks UTF-8 with U+FEFF. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Of last year where this year's would lie ahead: a message of New Year's Eve that comes on New Year's Day. */
function nearest([month = 0, day = 1, hour = 0, minute = 0, second = 0]: number[], now: Date): Date {
  const at = new Date(Date.UTC(now.getUTCFullYear(), month, day, hour, minute, second));
  return at.getTime() > now.getTime() + 2 * dayMs
    ? new Date(Date.UTC(now.getUTCFullYear() - 1, month, day, hour, minute, second))
    : at;
}

function unlessDash(text: string): string | null {
  return text === '-' ? null : text;
}

function validOrNull(date: Date): Date | null {
  return Number.isNaN(date.getTime()) ? null : date;
}
