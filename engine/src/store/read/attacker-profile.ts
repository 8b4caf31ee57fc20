import type { AttackerProfile } from '@cerberusmesh/contract/api-attacker-desk';
import { credentialShownMax } from '@cerberusmesh/contract/api-events';
import { counted } from '../../kit/counted.ts';
import { isOfVisit, visitsOf } from '../address-visits.ts';
import { allowedColumns, noteColumns } from '../attacker-desk.ts';
import { campaignColumns } from './campaigns.ts';
import type { Reader } from './reader.ts';
import { isoColumn } from './statement.ts';

/** Of the busiest attackers there are millions of events: what is told of them is told of the latest. */
const sessionsMax = 500;
const eventsMax = 2000;
const shownMax = 20;
const notesMax = 50;

export type StoredProfile = Omit<AttackerProfile, 'techniques'> & {
  readonly techniques: readonly Omit<AttackerProfile['techniques'][number], 'name'>[];
};

export interface LatestSession {
  readonly day: string;
  readonly techniques: readonly string[];
  readonly client_version: string | null;
  readonly hassh: string | null;
  readonly actor: string | null;
  readonly novelty: number | null;
  readonly anomaly_score: number | null;
}

/** What is known of one attacker, read in a bounded number of rows. */
export function createAttackerProfileReads(reader: Reader) {
  return {
    /** Undefined where nobody came from there. */
    async findAttackerProfile(ip: string): Promise<StoredProfile | undefined> {
      const [[counts], sessions, credentials, campaigns, others, worlds, standing, [allowed], notes, [first]] =
        await Promise.all([
          reader.rows<Counts>(countsText, [ip]),
          reader.rows<LatestSession>(sessionsText, [ip]),
          reader.rows<AttackerProfile['credentials'][number]>(credentialsText, [ip]),
          reader.rows<AttackerProfile['campaigns'][number]>(campaignsText, [ip]),
          reader.rows<AttackerProfile['others'][number]>(othersText, [ip]),
          reader.rows<AttackerProfile['worlds'][number]>(worldsText, [ip]),
          reader.rows<AttackerProfile['standing'][number]>(standingText, [ip]),
          reader.rows<NonNullable<AttackerProfile['allowed']>>(allowedText, [ip]),
          reader.rows<AttackerProfile['notes'][number]>(notesText, [ip]),
          reader.rows<{ shapes: number }>(firstShownText, [ip]),
        ]);
      if (counts === undefined) return undefined;
      return {
        threat_why: whyOf(counts),
        touches: counts.touches,
        events_read: Math.min(counts.events, eventsMax),
        first_shown: first?.shapes ?? 0,
        allowed: allowed ?? null,
        ...{ credentials, campaigns, others, worlds, standing, notes },
        ...summarize(sessions),
      };
    },
  };
}

interface Counts {
  readonly touches: number;
  readonly high: number;
  readonly logins: number;
  readonly sessions: number;
  readonly events: number;
}

/** In words what the generated column `attackers.threat_level` computes. */
function whyOf({ touches, high, logins, sessions }: Omit<Counts, 'events'>): string[] {
  const because = [
    touches > 0 && `Used our lures ${times(touches)}: CRITICAL, whatever else was done.`,
    high >= 10 &&
      sessions >= 3 &&
      `Did something HIGH ${times(high)} in ${counted(sessions, 'session')}: CRITICAL from 10 times in 3 on.`,
    high > 0 && `Did something HIGH ${times(high)}: at least HIGH.`,
    logins > 0 && `Got in ${times(logins)}: at least MEDIUM.`,
    sessions >= 20 && `Came ${times(sessions)}: at least MEDIUM from 20 on.`,
  ].filter((sentence) => sentence !== false);
  return because.length > 0 ? because : ['Never got in, did nothing grave and came less than 20 times: LOW.'];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** Clients, techniques by day and the highest scores of sessions. */
function summarize(sessions: readonly LatestSession[]) {
  const clients = new Map<string, AttackerProfile['clients'][number]>();
  const techniques = new Map<string, Map<string, number>>();
  for (const { client_version, hassh, techniques: shown, day } of sessions) {
    if (client_version !== null || hassh !== null) {
      const key = JSON.stringify([client_version, hassh]);
      clients.set(key, { client_version, hassh, sessions: (clients.get(key)?.sessions ?? 0) + 1 });
    }
    for (const technique of shown) {
      const days = techniques.get(technique) ?? new Map<string, number>();
      techniques.set(technique, days.set(day, (days.get(day) ?? 0) + 1));
    }
  }
  return {
    sessions_read: sessions.length,
    clients: [...clients.values()].sort((a, b) => b.sessions - a.sessions).slice(0, shownMax),
    techniques: [...techniques]
      .map(([technique, days]) => ({
        technique,
        sessions: [...days.values()].reduce((sum, count) => sum + count, 0),
        days: [...days].map(([day, count]) => ({ day, sessions: count })).sort((a, b) => a.day.localeCompare(b.day)),
      }))
      .sort((a, b) => b.sessions - a.sessions)
      .slice(0, shownMax),
    scripts: sessions.filter(({ actor }) => actor === 'script').length,
    humans: sessions.filter(({ actor }) => actor === 'human').length,
    novelty: highest(sessions.map(({ novelty }) => novelty)),
    anomaly_score: highest(sessions.map(({ anomaly_score }) => anomaly_score)),
  };
}

function highest(scores: readonly (number | null)[]): number | null {
  const known = scores.filter((score) => score !== null);
  return known.length === 0 ? null : Math.max(...known);
}

const countsText = `
  select touches::float8 as touches, high_severity_count::float8 as high, successful_logins::float8 as logins,
         total_sessions::float8 as sessions, total_events::float8 as events
    from attackers where ip_address = $1`;

const latestSessions = `
  select id, start_time, techniques, client_version, hassh, actor, novelty, anomaly_score
    from sessions where source_ip = $1 and not is_probe order by sessions.start_time desc limit ${sessionsMax}`;

const sessionsText = `
  select (start_time at time zone 'UTC')::date::text as day, techniques, left(client_version, 300) as client_version, hassh,
         actor, novelty, anomaly_score from (${latestSessions}) latest`;

const latestEvents = `
  (select e.event_type, e.username, e.password
     from (${visitsOf('$1')} order by start_time desc limit ${sessionsMax}) visit
    cross join lateral (select event_type, username, password from events
                         where source_ip = $1 and not is_probe and ${isOfVisit} limit ${eventsMax}) e
    limit ${eventsMax})
  union all
  (select event_type, username, password from events
    where source_ip = $1 and session_id is null and not is_probe order by id desc limit ${eventsMax})`;

const credentialsText = `
  select left(username, ${credentialShownMax}) as username, left(password, ${credentialShownMax}) as password,
         count(*)::float8 as attempts, (count(*) filter (where event_type = 'cowrie.login.success'))::float8 as successes
    from (${latestEvents}) latest where username is not null
   group by 1, 2 order by 4 desc, 3 desc, 1, 2 limit ${shownMax}`;

const campaignsText = `
  select ${campaignColumns} from campaign_addresses a join campaigns on campaigns.id = a.campaign_id
   where a.ip_address = $1 and campaigns.merged_into is null order by a.last_seen desc limit ${shownMax}`;

const othersText = `
  select o.ip_address, min(c.name) as campaign, sum(o.sessions)::float8 as sessions
    from (select campaign_id from campaign_addresses where ip_address = $1 order by last_seen desc limit ${shownMax}) mine
    join campaigns c on c.id = mine.campaign_id and c.merged_into is null
    cross join lateral (select ip_address, sessions from campaign_addresses
                         where campaign_id = mine.campaign_id and ip_address <> $1 limit 1000) o
   group by o.ip_address order by 3 desc, 1 limit ${shownMax}`;

const worldsText = `
  select w.sensor, w.world, ${isoColumn('w.created_at', 'made_at')}, ${isoColumn('w.entered_at')},
         (select count(*)::float8 from decoy_world_files f where f.sensor = w.sensor and f.world = w.world) as files
    from decoy_world_names n join decoy_worlds w on w.sensor = n.sensor and w.world = n.world
   where n.kind = 'address' and n.name = $1 order by w.entered_at desc limit ${shownMax}`;

const standingText = `
  select id, kind, status, reason, requested_by, error, ${isoColumn('created_at')}, ${isoColumn('expires_at')} from actions
   where kind in ('monitor', 'lock_down') and target = 'attacker ' || $1
     and (status in ('waiting', 'planned', 'applied', 'verified', 'undoing')
          or (status in ('refused', 'failed', 'dry_run') and created_at > now() - interval '1 hour')) order by actions.created_at desc limit ${shownMax}`;

const allowedText = `
  select ${allowedColumns} from allowed_networks
   where address_within($1, allowed_networks.network) order by masklen(allowed_networks.network) desc limit 1`;

const notesText = `
  select ${noteColumns} from attacker_notes where ip_address = $1 order by attacker_notes.written_at desc limit ${notesMax}`;

const firstShownText = `
  select count(*)::float8 as shapes from (${latestSessions}) latest
    join campaign_members m on m.session_id = latest.id
    join shapes s on s.id = m.shape_id and s.first_session = latest.id`;
