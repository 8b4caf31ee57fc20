import type { SearchNode } from '@cerberusmesh/contract/search';
import type { SearchMatch } from '@cerberusmesh/contract/search-matches';
import { epochMsOf as epochMsOfId, smallestEventId } from '../event-columns.ts';
import type { Reader } from '../reader.ts';
import { createWhere } from '../statement.ts';
import { demandedTerms } from './compile.ts';
import type { WindowBounds } from './event-windows.ts';
import { epochMsOf, networkTerm, techniqueTerm } from './terms.ts';

/** How a search of events is gone about: over which time, and by what leads to them. */
export interface EventPlan {
  readonly bounds: WindowBounds;
  /** Null: nothing leads to what it asks for. */
  readonly lead: EventLead | null;
}

/** A session, or the addresses whose sessions they are. */
export type EventLead =
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] };

const dayMs = 86_400_000;
/** A network with more addresses than this is walked by time, like everything. */
const addressesMax = 64;

/** Null where there can be no such event. */
export async function planEvents(
  reader: Reader,
  node: SearchNode,
  asked: {
    readonly fromMs: number | null;
    readonly toMs: number | null;
    readonly before: string | null;
    readonly lead: EventLead | null;
    readonly now: Date;
  },
): Promise<EventPlan | null> {
  const froms: number[] = asked.fromMs === null ? [] : [asked.fromMs];
  const untils: number[] = asked.toMs === null ? [] : [asked.toMs];
  let { lead } = asked;
  for (const term of demandedTerms(node)) {
    const told = await readTerm(reader, term, asked.now);
    if (told === null) return null;
    if (told.fromMs !== undefined) froms.push(told.fromMs);
    if (told.untilMs !== undefined) untils.push(told.untilMs);
    // A session's own key leads to less than any address.
    if (told.lead?.kind === 'session') lead = told.lead;
    else lead ??= told.lead ?? null;
  }
  const fromMs = froms.length === 0 ? null : Math.floor(Math.max(...froms));
  const untilMs = untils.length === 0 ? null : Math.ceil(Math.min(...untils));
  const before = earlier(asked.before, untilMs === null ? null : smallestEventId(untilMs)) ?? lastId;
  if (fromMs !== null && smallestEventId(fromMs) >= before) return null;
  return { bounds: { fromMs, before, beforeMs: epochMsOfId(before) + 1 }, lead };
}

type SearchTerm = Extract<SearchNode, { kind: 'field' }>;

/** What one term says of the time and the way of a search; nothing, of most. */
interface Told {
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly lead?: EventLead;
}

/** Null where no event can fulfil the term. */
async function readTerm(reader: Reader, { field, matches }: SearchTerm, now: Date): Promise<Told | null> {
  const [first] = matches;
  const alone = matches.length === 1 ? first : undefined;
  switch (field) {
    case 'after':
      return alone ? { fromMs: epochMsOf(alone, now) } : {};
    case 'before':
      return alone ? { untilMs: epochMsOf(alone, now) } : {};
    case 'on':
      return alone ? { fromMs: epochMsOf(alone, now), untilMs: epochMsOf(alone, now) + dayMs } : {};
    case 'session':
      return alone?.kind === 'is' ? { lead: { kind: 'session', sessionId: alone.text } } : {};
    case 'ip':
      return alone?.kind === 'is'
        ? { lead: { kind: 'addresses', addresses: [alone.text] } }
        : await tellOfAddresses(reader, matches, now);
    case 'technique':
      return await tellOfTechnique(reader, matches, now);
    default:
      return {};
  }
}

async function tellOfAddresses(reader: Reader, matches: readonly SearchMatch[], now: Date): Promise<Told | null> {
  const found = await findAddresses(reader, matches, now);
  if (found.length === 0) return null;
  if (found.length > addressesMax) return {};
  return {
    fromMs: Math.min(...found.map(({ first_ms }) => first_ms)),
    untilMs: Math.max(...found.map(({ last_ms }) => last_ms)) + 1,
    lead: { kind: 'addresses', addresses: found.map(({ ip_address }) => ip_address) },
  };
}

async function tellOfTechnique(reader: Reader, matches: readonly SearchMatch[], now: Date): Promise<Told | null> {
  const [seen] = await findTechnique(reader, matches, now);
  if (seen?.first_ms == null || seen.last_ms == null) return null;
  return { fromMs: seen.first_ms, untilMs: seen.last_ms + 1 };
}

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** One more than can be used tells that they are too many. */
async function findAddresses(reader: Reader, matches: readonly SearchMatch[], now: Date) {
  const where = createWhere();
  where.add(networkTerm('ip_address')(matches, { parameter: where.parameter, now }));
  return await reader.rows<{ ip_address: string; first_ms: number; last_ms: number }>(
    `select ip_address, extract(epoch from first_seen)::float8 * 1000 as first_ms,
            extract(epoch from last_seen)::float8 * 1000 as last_ms
       from attackers ${where.text} limit ${addressesMax + 1}`,
    where.values,
  );
}

async function findTechnique(reader: Reader, matches: readonly SearchMatch[], now: Date) {
  const where = createWhere();
  where.add(techniqueTerm('array[technique]')(matches, { parameter: where.parameter, now }));
  return await reader.rows<{ first_ms: number | null; last_ms: number | null }>(
    `select extract(epoch from min(first_seen))::float8 * 1000 as first_ms,
            extract(epoch from max(last_seen))::float8 * 1000 as last_ms from rollup_techniques ${where.text}`,
    where.values,
  );
}
