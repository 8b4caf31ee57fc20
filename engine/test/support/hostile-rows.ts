import type pg from 'pg';
import { hostileTexts } from './hostile-lines.ts';

/**
 * What attackers wrote where it does not come by an event alone: campaigns with all that they share, lures and their use,
 * adaptations, actions, decisions, notes and tokens. Every text of every row is hostile. @returns the campaigns' ids.
 */
export async function addHostileRows(pool: pg.Pool): Promise<string[]> {
  const texts = hostileTexts.map((text) => text.toWellFormed().replaceAll('\u0000', '\u2400'));
  const { rows: sessions } = await pool.query<{ id: string }>('select id from sessions order by id limit $1', [
    texts.length,
  ]);
  const campaigns: string[] = [];
  for (const [at, text] of texts.entries()) {
    const { rows } = await pool.query<{ id: string }>(campaignText, [text, sessions[at]?.id]);
    campaigns.push(rows[0]?.id ?? '');
    await pool.query(lureText, [text]);
    await pool.query(actionText, [text]);
  }
  return campaigns;
}

const campaignText = `
with shape as (
  insert into shapes (id, kind, shape, first_seen, last_seen, sessions, sensors, first_session)
  values (gen_random_uuid(), 'session', $1, now(), now(), 2, array[$1], gen_random_uuid()) returning id
), campaign as (
  insert into campaigns (id, name, first_seen, last_seen, sessions, addresses, sensors, severity, threat_score, techniques)
  values (gen_random_uuid(), $1, now(), now(), 3, 2, array[left($1, 255)], 'HIGH', 0.9, '{T1105}') returning id
), member as (
  insert into campaign_members (session_id, campaign_id, start_time, source_ip, score, why)
  select $2, id, now(), left($1, 255), 2, jsonb_build_array(jsonb_build_object('kind', 'url', 'value', $1, 'weight', 2))
    from campaign where $2::uuid is not null
), address as (
  insert into campaign_addresses select id, left($1, 255), 3, now() from campaign
), evidence as (
  insert into campaign_evidence (campaign_id, evidence_id, kind, value, sessions, witnesses, first_seen, last_seen)
  select id, gen_random_uuid(), kind, $1, 3, array[left($1, 255)], now(), now()
    from campaign, unnest('{url,host,key,client,payload}'::text[]) kind
), shown as (
  insert into campaign_shapes select campaign.id, shape.id, 2, array[left($1, 255)] from campaign, shape
)
select id from campaign`;

const lureText = `
with adaptation as (
  insert into adaptations (action_type, severity, sensor, session_id, source_ip, reason, status, error, created_at, verification)
  values ('AWS_CREDENTIALS', 'HIGH', left($1, 255), left($1, 255), left($1, 255), $1, 'verified', null, now(),
          jsonb_build_object('seen', true, 'why', $1)) returning id
), lure as (
  insert into lures (adaptation_id, trap, kind, path, shown, secret_hash, quick_hash, sensor, session_id, source_ip, planted_at,
                     first_read_at, first_read_session, first_read_ip)
  select id, 'AWS_CREDENTIALS', 'aws_access_key', $1, $1, sha256(convert_to($1, 'UTF8')), 1, left($1, 255), left($1, 255), left($1, 255),
         now(), now(), left($1, 255), left($1, 255) from adaptation returning id
)
insert into touches (lure_id, event_id, touched_at, place, sensor, session_id, source_ip)
select id, gen_random_uuid(), now(), 'password', left($1, 255), left($1, 255), left($1, 255) from lure`;

const actionText = `
insert into actions (id, cause_id, kind, target, status, requested_by, reason, severity, sensor, session_id, source_ip, parameters, error,
                     verification)
select gen_random_uuid(), gen_random_uuid(), kind, $1, status, 'engine', $1, 'HIGH', left($1, 255), left($1, 255), left($1, 255),
       jsonb_build_object('address', $1), case status when 'failed' then $1 end, jsonb_build_object('why', $1)
  from (values ('lock_down', 'verified'), ('escalate', 'failed')) made (kind, status)`;
