import type { FilterLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { backoffMs } from '../../kit/retry.ts';
import type { Source } from '../source.ts';
import { type CloudWatchAccess, type OpenedClient, openClient } from './open-client.ts';
import { createRecentIds } from './recent-ids.ts';
import { toLine } from './to-line.ts';

export interface FollowGroupsOptions extends CloudWatchAccess {
  readonly sourceId: string;
  readonly groups: readonly string[];
  /** In CloudWatch's own language; null takes all. */
  readonly filter: string | null;
  readonly pollSeconds: number;
  /** What was logged so long ago is looked for again each time: AWS shows some events late. */
  readonly overlapSeconds: number;
  /** As stored; anything else than a position of this source counts as none. */
  readonly position: unknown;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Up to which moment each group was read; `batch` counts what was given out, so that no two positions are the same. */
const GroupsPosition = z.object({ readUntilMs: z.record(z.string(), z.number()), batch: z.number().default(0) });

/** Of a group that was never read, so much is read. */
const firstLookMs = 24 * 3_600_000;
/** Of one page: AWS gives up to 10,000 events or 1 MiB, which would hold the API up. */
const pageEventsMax = 1_000;
const requestMs = 30_000;
const backoff = { firstMs: 2_000, maxMs: 300_000 };

/**
 * Follows log groups by asking for what is new. Each look begins before where the last one ended; what it gives again is
 * known by its id, and after a restart by the event's own id, so nothing is stored twice.
 */
export function createFollowGroups(options: FollowGroupsOptions): Source {
  const { sourceId, groups, clock, signal, pollSeconds } = options;
  const overlapMs = options.overlapSeconds * 1000;
  const stored = GroupsPosition.safeParse(options.position);
  const readUntilMs = new Map(Object.entries(stored.success ? stored.data.readUntilMs : {}));
  let batch = stored.success ? stored.data.batch : 0;
  const known = createRecentIds();
  const problems = new Map<string, string>();
  let opened: Promise<OpenedClient> | undefined;

  return {
    state() {
      const [problem] = problems.values();
      const active = problems.size < groups.length;
      return { active, unreadBytes: null, ...(problem === undefined ? {} : { problem }) };
    },
    async *batches() {
      let failures = 0;
      try {
        while (!signal.aborted) {
          let failed = false;
          for (const group of groups) {
            try {
              yield* readGroup(group);
              problems.delete(group);
            } catch (error) {
              if (signal.aborted) break;
              failed = true;
              problems.set(group, explain(group, error));
            }
          }
          failures = failed ? failures + 1 : 0;
          const waitMs =
            failures === 0 ? pollSeconds * 1000 : Math.max(pollSeconds * 1000, backoffMs(failures, backoff));
          await clock.sleep(waitMs, signal);
        }
      } finally {
        await opened?.then(({ client }) => client.destroy()).catch(() => undefined);
      }
    },
  };

  async function* readGroup(group: string): AsyncGenerator<LineBatch> {
    const nowMs = clock.now().getTime();
    const fromMs = (readUntilMs.get(group) ?? nowMs - firstLookMs) - overlapMs;
    let nextToken: string | undefined;
    do {
      const page = await ask(group, fromMs, nowMs, nextToken);
      nextToken = page.nextToken;
      const fresh = (page.events ?? []).filter(({ eventId = '' }) => !known.has(eventId));
      if (nextToken === undefined) readUntilMs.set(group, nowMs);
      const lines = fresh.map((event) => toLine(group, event));
      // Nothing new: the position is written with the next events, and until then the same is looked through again.
      if (lines.length > 0) {
        const readBytes = lines.reduce((sum, line) => sum + line.coveredBytes, 0);
        yield {
          sourceId,
          lines,
          readBytes,
          position: { readUntilMs: Object.fromEntries(readUntilMs), batch: ++batch },
        };
      }
      for (const { eventId = '', timestamp = 0 } of fresh) known.add(eventId, timestamp);
    } while (nextToken !== undefined && !signal.aborted);
    known.forgetBefore(nowMs - overlapMs - requestMs);
  }

  async function ask(
    logGroupName: string,
    startTime: number,
    endTime: number,
    nextToken: string | undefined,
  ): Promise<FilterLogEventsCommandOutput> {
    const { sdk, client } = await open();
    const { filter } = options;
    const command = new sdk.FilterLogEventsCommand({
      ...{ logGroupName, startTime, endTime, limit: pageEventsMax },
      ...(filter === null ? {} : { filterPattern: filter }),
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    return await client.send(command, { abortSignal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]) });
  }

  function open(): Promise<OpenedClient> {
    opened ??= openClient(options);
    return opened;
  }
}

function explain(group: string, error: unknown): string {
  const why = reasonOf(error).slice(0, 300);
  return `The log group ${group} cannot be read (${why}); put its name, the AWS_ settings or logs:FilterLogEvents of docs/aws.md right.`;
}
