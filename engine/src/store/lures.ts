import { createHash } from 'node:crypto';
import type { Lure } from '@cerberusmesh/contract/adaptation';
import type { Planted, PluginFile } from '@cerberusmesh/contract/cowrie-plugin';
import { AdaptationType } from '@cerberusmesh/contract/decision';
import { LureKind } from '@cerberusmesh/contract/lure';
import { type KnownLure, quickHashOf, secretKeyOf } from '@cerberusmesh/contract/touch';
import type pg from 'pg';
import { z } from 'zod';
import type { Database } from './database.ts';

/** Where lures belong: to an adaptation that everybody sees, or to a kit that lies ready for one attacker. */
export interface LureOrigin {
  readonly adaptationId?: string;
  readonly kitId?: string;
  readonly sensor: string;
  /** Null until a visitor can see them. */
  readonly plantedAt: Date | null;
}

/** One statement for all; a secret is known before a visitor can see it. */
export async function insertLures(
  client: pg.PoolClient,
  lures: readonly (Lure & { readonly trap: string })[],
  { adaptationId, kitId, sensor, plantedAt }: LureOrigin,
): Promise<void> {
  if (lures.length === 0) return;
  await client.query(
    `insert into lures (adaptation_id, kit_id, sensor, planted_at, trap, kind, path, shown, secret_hash, quick_hash)
     select $1, $2, $3, $4, * from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bigint[])`,
    [
      adaptationId ?? null,
      kitId ?? null,
      sensor,
      plantedAt,
      lures.map(({ trap }) => trap),
      lures.map(({ kind }) => kind),
      lures.map(({ path }) => path),
      lures.map(({ shown }) => shown),
      lures.map(({ secret }) => createHash('sha256').update(secretKeyOf(secret)).digest()),
      lures.map(({ secret }) => quickHashOf(secret)),
    ],
  );
}

const PlantedLure = z.object({
  adaptationId: z.string().nullable(),
  actionType: AdaptationType,
  sensor: z.string(),
  isLive: z.boolean(),
});
export type PlantedLure = Readonly<z.infer<typeof PlantedLure>>;

/** In memory at most: about 300 bytes each. */
const knownMax = 200_000;

/** What was planted, for whom and where; and kits that wait to be planted by our plugin. */
export function createLureStore(database: Database) {
  const { pool } = database;
  return {
    async addKit(kitId: string, sensor: string, lures: readonly (Lure & { readonly trap: string })[]): Promise<void> {
      await database.transaction((client) => insertLures(client, lures, { kitId, sensor, plantedAt: null }));
    },

    /**
     * What visitors can see, or could: a lure that was taken back is known to whoever read it. The newest, where there are
     * too many; or those that were planted since a moment.
     */
    async listPlanted(since: Date | null = null): Promise<readonly KnownLure[]> {
      const { rows } = await pool.query(
        `select ${columns} from lures
          where planted_at is not null and quick_hash is not null and ($2::timestamptz is null or planted_at > $2)
          order by planted_at desc, id desc limit $1`,
        [knownMax, since],
      );
      return rows.map(toKnown);
    },

    /** A planted secret with its adaptation; one that lies in a visitor's own world is live. */
    async find(id: string): Promise<PlantedLure | undefined> {
      const { rows } = await pool.query(
        `select l.adaptation_id as "adaptationId", l.trap as "actionType", l.sensor,
                l.session_id is not null or coalesce(a.action_details->>'way' = 'plugin', false)
                  or a.action_details ? 'attacker' as "isLive"
           from lures l left join adaptations a on a.id = l.adaptation_id
          where l.id = $1 and l.planted_at is not null`,
        [id],
      );
      return rows.map((row) => PlantedLure.parse(row))[0];
    },

    async listOfAdaptation(adaptationId: string): Promise<readonly KnownLure[]> {
      const { rows } = await pool.query(`select ${columns} from lures where adaptation_id = $1`, [adaptationId]);
      return rows.map(toKnown);
    },

    /**
     * A visitor asked, and a part of his kit was planted: its lures are his, and the adaptation is recorded with what he
     * saw. Done once however often it is told. Gives the lures, and the adaptation's id where it is new.
     */
    async recordPlanting(
      report: Planted,
      sensor: string,
      files: readonly PluginFile[],
    ): Promise<{ lures: readonly KnownLure[]; adaptationId: string | null }> {
      return await database.transaction(async (client) => {
        const adaptationId = await insertLiveAdaptation(client, report, sensor, files);
        const { rows } = await client.query(
          `update lures
              set planted_at = coalesce(planted_at, $3), session_id = coalesce(session_id, $4), source_ip = coalesce(source_ip, $5),
                  first_read_at = coalesce(first_read_at, $3), first_read_session = coalesce(first_read_session, $4),
                  first_read_ip = coalesce(first_read_ip, $5), adaptation_id = coalesce(adaptation_id, $6)
            where kit_id = $1 and trap = $2 returning ${columns}`,
          [report.kit, report.trap, new Date(report.at * 1000), report.session, report.src_ip, adaptationId],
        );
        return { lures: rows.map(toKnown), adaptationId };
      });
    },

    /** How many attackers found something of a kit of their own since; each has one. */
    async countGiven(since: Date): Promise<number> {
      const { rows } = await pool.query<{ given: number }>(
        `select count(distinct action_details->>'kit')::int as given from adaptations
          where created_at > $1 and action_details->>'way' = 'plugin'`,
        [since],
      );
      return rows[0]?.given ?? 0;
    },

    /** What was planted for one session ends with it. */
    async endWithSessions(): Promise<void> {
      await pool.query(
        `update adaptations a set status = 'rolled_back', rolled_back_at = coalesce(s.end_time, s.last_event_time)
           from sessions s
          where a.status = 'verified' and a.action_details->>'way' = 'plugin'
            and s.session_id = a.session_id and s.sensor = a.sensor and not s.is_active`,
      );
    },

    /** Kits that nobody was given. */
    async dropUnusedKits(before: Date): Promise<void> {
      await pool.query('delete from lures where planted_at is null and created_at < $1', [before]);
    },
  };
}

/** Verified by what the visitor's own `ls` and `cat` show, which the plugin looked at; it ends with his session. */
async function insertLiveAdaptation(
  client: pg.PoolClient,
  report: Planted,
  sensor: string,
  planted: readonly PluginFile[],
): Promise<string | null> {
  const { kit, trap, session, src_ip, input, files, at, protocol } = report;
  const when = new Date(at * 1000);
  const verification = {
    verified: true,
    looked: true,
    why: `${files.length} of ${files.length} places show what was planted, to this visitor.`,
    sights: files.map(({ path, size }) => ({
      path,
      verified: true,
      why: `ls shows ${size} bytes, and cat has them.`,
      saw: '',
    })),
    at: when.toISOString(),
    tookMs: 0,
  };
  const { rows } = await client.query<{ id: string }>(
    `insert into adaptations (action_type, severity, sensor, session_id, source_ip, reason, status, success, action_details,
                              old_config, new_config, verification, applied_at, verified_at)
     select $1::text, 'MEDIUM', $2::text, $3::text, $4::text, $5, 'verified', true, $6::jsonb, $7::jsonb, $8::jsonb, $9::jsonb,
            $10::timestamptz, $10::timestamptz
      where not exists (select 1 from adaptations
                         where sensor = $2 and session_id = $3 and action_type = $1::text
                            and action_details->>'kit' = $11::text)
     returning id`,
    [
      trap,
      sensor,
      session,
      src_ip,
      `The visitor asked for it: ${input.slice(0, 200)}`,
      JSON.stringify({ way: 'plugin', kit, protocol, paths: files.map(({ path }) => path) }),
      // Nothing to take back: the file is in this session's world alone, and goes with it.
      JSON.stringify({ files: [] }),
      JSON.stringify({ files: files.map(({ path, sha256 }) => ({ path, sha256, content: contentAt(path, planted) })) }),
      JSON.stringify(verification),
      when,
      kit,
    ],
  );
  return rows[0]?.id ?? null;
}

/** Empty where the kit was handed over by an earlier run of this program. */
function contentAt(path: string, planted: readonly PluginFile[]): string {
  return planted.find((file) => path.endsWith(file.path.replace(/^~/, '')))?.content ?? '';
}

const columns =
  'id, kind, path, quick_hash, secret_hash, sensor, planted_at, session_id, coalesce(source_ip, first_read_ip) as source_ip, first_read_at';

const Row = z.object({
  id: z.string(),
  kind: LureKind,
  path: z.string(),
  quick_hash: z.coerce.number(),
  secret_hash: z.instanceof(Buffer),
  sensor: z.string().nullable(),
  planted_at: z.date(),
  session_id: z.string().nullable(),
  source_ip: z.string().nullable(),
  first_read_at: z.date().nullable(),
});

function toKnown(row: unknown): KnownLure {
  const found = Row.parse(row);
  return {
    id: found.id,
    kind: found.kind,
    path: found.path,
    quickHash: found.quick_hash,
    secretHash: found.secret_hash.toString('hex'),
    sensor: found.sensor ?? '',
    plantedAt: found.planted_at.toISOString(),
    sessionId: found.session_id,
    sourceIp: found.source_ip,
    isRead: found.first_read_at !== null,
  };
}
