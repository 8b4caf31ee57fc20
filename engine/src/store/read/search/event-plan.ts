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
  const terms = [...demandedTerms(node)];
  const froms: number[] = asked.fromMs === null ? [] : [asked.fromMs];
  const untils: number[] = asked.toMs === null ? [] : [asked.toMs];
  let { lead } = asked;
  for (const { field, matches } of terms) {
    const [only] = matches;
    const alone = matches.length === 1 ? only : undefined;
    if (field === 'after' && alone) froms.push(epochMsOf(alone, asked.now));
    else if (field === 'before' && alone) untils.push(epochMsOf(alone, asked.now));
    else if (field === 'on' && alone) {
      froms.push(epochMsOf(alone, asked.now));
      untils.push(epochMsOf(alone, asked.now) + dayMs);
    } else if (field === 'session' && alone?.kind === 'is') {
      lead = { kind: 'session', sessionId: alone.text };
    } else if (field === 'ip' && alone?.kind === 'is') {
      lead ??= { kind: 'addresses', addresses: [alone.text] };
    } else if (field === 'ip') {
      const found = await findAddresses(reader, matches, asked.now);
      if (found.length === 0) return null;
      if (found.length > addressesMax) continue;
      lead ??= { kind: 'addresses', addresses: found.map(({ ip_address }) => ip_address) };
      froms.push(Math.min(...found.map(({ first_ms }) => first_ms)));
      untils.push(Math.max(...found.map(({ last_ms }) => last_ms)) + 1);
    } else if (field === 'technique') {
      const [seen] = await findTechnique(reader, matches, asked.now);
      if (seen?.first_ms == null || seen.last_ms == null) return null;
      froms.push(seen.first_ms);
      untils.push(seen.last_ms + 1);
    }
  }
  const fromMs = froms.length === 0 ? null : Math.floor(Math.max(...froms));
  const untilMs = untils.length === 0 ? null : Math.ceil(Math.min(...untils));
  const before = earlier(asked.before, untilMs === null ? null : smallestEventId(untilMs)) ?? lastId;
  if (fromMs !== null && smallestEventId(fromMs) >= before) return null;
  return { bounds: { fromMs, before, beforeMs: epochMsOfId(before) + 1 }, lead };
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
