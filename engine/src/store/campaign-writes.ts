import type { CampaignChanges } from '@cerberusmesh/contract/campaign';
import type pg from 'pg';
import { storableJson } from './storable-json.ts';

/** One folder at a time, in all processes: what it reads must still hold when it writes. Any constant will do. */
const foldLock = 5_926_535_897;

/** True where this transaction is now the only one that folds. */
export async function lockFolding(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_xact_lock($1) as locked', [
    foldLock,
  ]);
  return rows[0]?.locked === true;
}

/** Which of these sessions have a campaign. */
export async function findMembers(client: pg.PoolClient, sessionIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ session_id: string }>(
    'select session_id from campaign_members where session_id = any($1::uuid[])',
    [sessionIds],
  );
  return new Set(rows.map((row) => row.session_id));
}

/** Writes what a batch changed. Under `lockFolding`, so nothing here waits for another folder. */
export async function writeCampaigns(client: pg.PoolClient, changes: CampaignChanges): Promise<void> {
  for (const merge of changes.merges) await mergeCampaigns(client, merge);
  if (changes.behaviours.length > 0) await client.query(behavioursText, [storableJson(changes.behaviours)]);
  if (changes.members.length === 0) return;
  await client.query(campaignsText, [storableJson(changes.campaigns.map(toRow))]);
  await client.query(membersText, [storableJson(changes.members.map(toMemberRow))]);
  await client.query(addressesText, [storableJson(changes.campaigns.flatMap(toAddressRows))]);
  await client.query(evidenceText, [storableJson(changes.evidence)]);
  await client.query(shapesText, [storableJson(changes.shapes)]);
  await client.query(bridgesText, [storableJson(changes.bridges)]);
}

type Delta = CampaignChanges['campaigns'][number];

function toRow({ sensors, techniques, addresses: _, ...delta }: Delta) {
  return { ...delta, sensors: [...sensors], techniques: [...techniques] };
}

function toAddressRows({ id, addresses }: Delta) {
  return [...addresses].map(([address, { sessions, lastSeen }]) => ({ id, address, sessions, lastSeen }));
}

function toMemberRow({ session, reasons, ...member }: CampaignChanges['members'][number]) {
  return { ...member, sessionId: session.id, startTime: session.startedAt, sourceIp: session.sourceIp, why: reasons };
}

const severityRank = (column: string) => `array_position('{LOW,MEDIUM,HIGH}', ${column})`;
const unionOf = (a: string, b: string) => `array(select distinct u from unnest(${a} || ${b}) u order by u limit 64)`;

const campaignsText = `
insert into campaigns as c (id, name, first_seen, last_seen, sessions, addresses, sensors, severity, threat_score, techniques)
select r.id, r.name, r."firstSeen", r."lastSeen", r.sessions, 0, r.sensors, r.severity, r."threatScore", r.techniques
  from jsonb_to_recordset($1::jsonb) as r (id uuid, name text, "firstSeen" timestamptz, "lastSeen" timestamptz, sessions bigint,
                                           sensors text[], severity text, "threatScore" real, techniques text[])
on conflict (id) do update set
  first_seen = least(c.first_seen, excluded.first_seen),
  last_seen = greatest(c.last_seen, excluded.last_seen),
  sessions = c.sessions + excluded.sessions,
  sensors = ${unionOf('c.sensors', 'excluded.sensors')},
  severity = case when ${severityRank('excluded.severity')} > ${severityRank('c.severity')} then excluded.severity else c.severity end,
  threat_score = greatest(c.threat_score, excluded.threat_score),
  techniques = ${unionOf('c.techniques', 'excluded.techniques')}`;

const membersText = `
insert into campaign_members (session_id, campaign_id, start_time, source_ip, shape_id, score, why)
select r."sessionId", r."campaignId", r."startTime", r."sourceIp", r."shapeId", r.score, r.why
  from jsonb_to_recordset($1::jsonb) as r ("sessionId" uuid, "campaignId" uuid, "startTime" timestamptz, "sourceIp" text,
                                           "shapeId" uuid, score real, why jsonb)
on conflict (session_id) do nothing`;

/** And counts the addresses that are new in a campaign. */
const addressesText = `
with given as (
  select * from jsonb_to_recordset($1::jsonb) as r (id uuid, address text, sessions bigint, "lastSeen" timestamptz)),
added as (
  insert into campaign_addresses as a (campaign_id, ip_address, sessions, last_seen)
  select id, address, sessions, "lastSeen" from given
  on conflict (campaign_id, ip_address) do update set
    sessions = a.sessions + excluded.sessions, last_seen = greatest(a.last_seen, excluded.last_seen)
  returning campaign_id, (xmax = 0) as is_new)
update campaigns c set addresses = c.addresses + n.fresh
  from (select campaign_id, count(*) as fresh from added where is_new group by 1) n where c.id = n.campaign_id`;

const evidenceText = `
insert into campaign_evidence as e (campaign_id, evidence_id, kind, value, sessions, witnesses, first_seen, last_seen)
select r."campaignId", r.id, r.kind, r.value, r.sessions, r.witnesses, r."firstSeen", r."lastSeen"
  from jsonb_to_recordset($1::jsonb) as r ("campaignId" uuid, id uuid, kind text, value text, sessions bigint, witnesses text[],
                                           "firstSeen" timestamptz, "lastSeen" timestamptz)
on conflict (campaign_id, evidence_id) do update set
  sessions = excluded.sessions, witnesses = excluded.witnesses,
  first_seen = least(e.first_seen, excluded.first_seen), last_seen = greatest(e.last_seen, excluded.last_seen)`;

const shapesText = `
insert into campaign_shapes (campaign_id, shape_id, sessions, witnesses)
select r."campaignId", r.id, r.sessions, r.witnesses
  from jsonb_to_recordset($1::jsonb) as r ("campaignId" uuid, id uuid, sessions bigint, witnesses text[])
on conflict (campaign_id, shape_id) do update set sessions = excluded.sessions, witnesses = excluded.witnesses`;

const behavioursText = `
insert into evidence_behaviours (evidence_id, behaviour, sessions)
select r."evidenceId", r.behaviour, r.sessions
  from jsonb_to_recordset($1::jsonb) as r ("evidenceId" uuid, behaviour int, sessions bigint)
on conflict (evidence_id, behaviour) do update set sessions = excluded.sessions`;

const bridgesText = `
insert into campaign_bridges (older_id, younger_id, ip_address)
select distinct r."olderId", r."youngerId", r.address
  from jsonb_to_recordset($1::jsonb) as r ("olderId" uuid, "youngerId" uuid, address text)
on conflict do nothing`;

/** All rows of the younger go to the older; the younger's own row stays, saying where it went and why. */
async function mergeCampaigns(
  client: pg.PoolClient,
  { olderId, youngerId, sessionId, reasons }: CampaignChanges['merges'][number],
): Promise<void> {
  const both = [olderId, youngerId];
  await client.query('update campaign_members set campaign_id = $1 where campaign_id = $2', both);
  await client.query(
    `with moved as (delete from campaign_addresses where campaign_id = $2 returning *)
     insert into campaign_addresses as a select $1, ip_address, sessions, last_seen from moved
     on conflict (campaign_id, ip_address) do update set
       sessions = a.sessions + excluded.sessions, last_seen = greatest(a.last_seen, excluded.last_seen)`,
    both,
  );
  await client.query(
    `with moved as (delete from campaign_evidence where campaign_id = $2 returning *)
     insert into campaign_evidence as e
     select $1, evidence_id, kind, value, sessions, witnesses, first_seen, last_seen from moved
     on conflict (campaign_id, evidence_id) do update set
       sessions = e.sessions + excluded.sessions,
       witnesses = array(select distinct w from unnest(e.witnesses || excluded.witnesses) w limit 3),
       first_seen = least(e.first_seen, excluded.first_seen), last_seen = greatest(e.last_seen, excluded.last_seen)`,
    both,
  );
  await client.query(
    `with moved as (delete from campaign_shapes where campaign_id = $2 returning *)
     insert into campaign_shapes as s select $1, shape_id, sessions, witnesses from moved
     on conflict (campaign_id, shape_id) do update set
       sessions = s.sessions + excluded.sessions,
       witnesses = array(select distinct w from unnest(s.witnesses || excluded.witnesses) w limit 3)`,
    both,
  );
  await client.query('delete from campaign_bridges where older_id = $1 or younger_id = $1', [youngerId]);
  await client.query(
    `update campaigns o set
       first_seen = least(o.first_seen, y.first_seen), last_seen = greatest(o.last_seen, y.last_seen),
       sessions = o.sessions + y.sessions, sensors = ${unionOf('o.sensors', 'y.sensors')},
       severity = case when ${severityRank('y.severity')} > ${severityRank('o.severity')} then y.severity else o.severity end,
       threat_score = greatest(o.threat_score, y.threat_score), techniques = ${unionOf('o.techniques', 'y.techniques')},
       addresses = (select count(*) from campaign_addresses a where a.campaign_id = $1)
      from campaigns y where o.id = $1 and y.id = $2`,
    both,
  );
  await client.query(`update campaigns set merged_into = $1, merged_at = now(), merged_why = $3 where id = $2`, [
    olderId,
    youngerId,
    storableJson({ sessionId, reasons }),
  ]);
  // A redirect leads to the survivor in one step, however often campaigns are merged.
  await client.query('update campaigns set merged_into = $1 where merged_into = $2', both);
}
