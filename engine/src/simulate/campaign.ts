import type { NormalizedLine } from '@cerberusmesh/contract/between-stages';
import { z } from 'zod';

export type VisitProtocol = 'ssh' | 'telnet' | 'http';

/** One visit as it can be played again: what was tried and typed, without addresses and times. */
export interface Visit {
  readonly protocol: VisitProtocol;
  /** What stood after `SSH-2.0-` in the visitor's greeting. */
  readonly client: string | null;
  readonly logins: readonly { readonly username: string; readonly password: string }[];
  readonly commands: readonly string[];
  readonly requests: readonly HttpRequest[];
}

export type HttpRequest = Readonly<z.infer<typeof HttpRequest>>;
const HttpRequest = z.object({
  method: z.string().regex(/^[A-Z]{3,10}$/),
  url: z.string().startsWith('/').max(4000),
  body: z.string().max(4000).default(''),
});

interface Draft {
  readonly visit: {
    protocol: VisitProtocol | null;
    client: string | null;
    logins: { username: string; password: string }[];
    commands: string[];
    requests: HttpRequest[];
  };
}

/** A terminal takes no longer line at once. */
const commandLengthMax = 4000;
const loginsMax = 10;

/**
 * The first `sessionsMax` visits of a log. Of each what a visitor does is kept: logins, commands, requests for pages.
 * A visit of which nothing of that is known is left out, since there is nothing to play.
 */
export function collectVisits(lines: Iterable<NormalizedLine>, sessionsMax: number): Visit[] {
  const drafts = new Map<string, Draft>();
  for (const line of lines) {
    const { sessionId, sensor } = line.event;
    if (sessionId === null) continue;
    const key = `${sensor}\0${sessionId}`;
    const known = drafts.get(key);
    if (!known && drafts.size >= sessionsMax) continue;
    const draft = known ?? emptyDraft();
    if (!known) drafts.set(key, draft);
    add(draft, line);
  }
  return [...drafts.values()].flatMap(({ visit: { protocol, ...rest } }) => {
    const isEmpty = rest.logins.length + rest.requests.length === 0;
    return protocol === null || isEmpty ? [] : [{ protocol, ...rest }];
  });
}

function emptyDraft(): Draft {
  return { visit: { protocol: null, client: null, logins: [], commands: [], requests: [] } };
}

function add({ visit }: Draft, { event, rawJson }: NormalizedLine): void {
  const { detail, protocol } = event;
  visit.protocol ??= protocol === 'ssh' || protocol === 'telnet' || protocol === 'http' ? protocol : null;
  if (detail.kind === 'client' && detail.version !== undefined) {
    visit.client = /^SSH-2\.0-([\x21-\x7e ]{1,200})$/.exec(detail.version)?.[1] ?? visit.client;
  } else if (detail.kind === 'login' && detail.password !== undefined && visit.logins.length < loginsMax) {
    visit.logins.push({ username: detail.username, password: detail.password });
  } else if (detail.kind === 'command' && detail.phase === 'typed' && detail.realm === undefined) {
    const typed = detail.input.split(/[\r\n]+/).filter((line) => line.trim() !== '' && isTypable(line));
    visit.commands.push(...typed);
  } else if (/^(cowrie|cerberus)\.http\.request$/.test(event.eventType)) {
    const request = HttpRequest.safeParse(JSON.parse(rawJson)).data;
    if (request) visit.requests.push(request);
  }
}

/** A control character would be a key of the terminal, and not what the log says was typed. */
function isTypable(line: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return line.length <= commandLengthMax && !/[\u0000-\u001f\u007f]/.test(line);
}

/** What scanners ask a web server for; our recordings are of SSH and Telnet. */
export const webScanner: Visit = {
  protocol: 'http',
  client: null,
  logins: [],
  commands: [],
  requests: [
    { method: 'GET', url: '/', body: '' },
    { method: 'GET', url: '/.env', body: '' },
    { method: 'GET', url: '/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id)', body: '' },
    { method: 'POST', url: '/login', body: 'username=admin&password=admin123' },
  ],
};
