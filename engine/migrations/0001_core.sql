-- The seed's four tables with its columns, and what stands around them.

-- Events are partitioned by id: an id begins with the event's milliseconds (UUIDv7), so a range of ids is a range of
-- time, the primary key alone makes an event unique, and paging by id is paging by time.
create table events (
  id uuid primary key,
  event_type text not null,
  timestamp timestamptz not null,
  sensor text not null,
  session_id text,
  protocol text,
  source_ip text,
  source_port integer,
  command text,
  username text,
  password text,
  severity text not null,
  threat_score real,
  anomaly_score real,
  attack_type text,
  confidence real,
  techniques text[],
  -- The reason for the severity, for people.
  why text,
  -- Each technique's own reason: {"techniques": [{"id","confidence","why"}], "partial", "modelVersion"}; null without techniques.
  assessment jsonb,
  is_analyzed boolean not null,
  -- A visit of our own probe: kept, and left out of every statistic.
  is_probe boolean not null,
  raw_event jsonb not null,
  -- The line as it came, only where raw_event cannot say it (U+0000, invalid UTF-8).
  raw_bytes bytea
) partition by range (id);

-- What lies outside all made partitions (a sensor with a wrong clock) is still stored.
create table events_default partition of events default;

create index events_session_idx on events (session_id, id);
create index events_source_ip_idx on events (source_ip, id);
create index events_high_idx on events (id) where severity = 'HIGH';

create table sessions (
  id uuid primary key,
  session_id varchar(255) not null,
  sensor text not null,
  source_ip varchar(255),
  protocol text,
  start_time timestamptz not null,
  -- The latest event seen; end_time stays null until the session is closed.
  last_event_time timestamptz not null,
  end_time timestamptz,
  event_count integer not null default 0,
  command_count integer not null default 0,
  successful_login boolean not null default false,
  is_active boolean not null default true,
  is_probe boolean not null default false,
  severity text not null default 'LOW',
  threat_score real not null default 0,
  techniques text[] not null default '{}',
  client_version text,
  hassh text,
  -- What assess remembers of the session (contract: SessionState).
  state jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (session_id, sensor)
);
-- Ascending, and read backwards: new rows then go to the rightmost page, for which a btree has a short way.
create index sessions_start_idx on sessions (start_time, id);
create index sessions_source_ip_idx on sessions (source_ip);
create index sessions_active_idx on sessions (last_event_time) where is_active;

create table attackers (
  id uuid primary key default gen_random_uuid(),
  ip_address varchar(255) not null unique,
  threat_score real not null default 0,
  total_events bigint not null default 0,
  total_sessions bigint not null default 0,
  high_severity_count bigint not null default 0,
  successful_logins bigint not null default 0,
  most_common_username text,
  most_common_username_count bigint not null default 0,
  unique_passwords_count bigint not null default 0,
  -- Lures of ours that were used.
  touches bigint not null default 0,
  -- Grows with repetition and touches; this is the only place that says how.
  threat_level text not null generated always as (
    case
      when touches > 0 or (high_severity_count >= 10 and total_sessions >= 3) then 'CRITICAL'
      when high_severity_count > 0 then 'HIGH'
      when successful_logins > 0 or total_sessions >= 20 then 'MEDIUM'
      else 'LOW'
    end) stored,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index attackers_total_idx on attackers (total_events desc, id);
create index attackers_last_seen_idx on attackers (last_seen desc, id);
create index attackers_threat_idx on attackers (threat_score desc, id);

-- What the counts in attackers are made of. The hash keeps a megabyte of user name out of the index.
create table attacker_usernames (
  ip_address text not null,
  username_hash uuid not null,
  username text not null,
  attempts bigint not null,
  primary key (ip_address, username_hash)
);
create table attacker_passwords (
  ip_address text not null,
  password_hash uuid not null,
  primary key (ip_address, password_hash)
);

create table decisions (
  id uuid primary key,
  decided_at timestamptz not null,
  decision text not null check (decision in ('monitor', 'rotate_key', 'launch_decoy', 'insert_trap', 'escalate')),
  adaptations text[] not null default '{}',
  rule text not null,
  why text not null,
  sensor text not null,
  session_id text not null,
  source_ip text,
  event_id uuid not null,
  severity text not null,
  threat_score real not null,
  confidence real not null,
  policy_version text not null,
  model_version text not null
);
create index decisions_time_idx on decisions (decided_at desc, id desc);
create index decisions_session_idx on decisions (session_id);

create table adaptations (
  id uuid primary key default gen_random_uuid(),
  decision_id uuid references decisions (id),
  action_type varchar(64) not null,
  severity varchar(16) not null,
  sensor text not null,
  session_id text,
  source_ip text,
  reason text not null,
  status text not null check (status in ('planned', 'dry_run', 'applied', 'verified', 'failed', 'rolled_back')),
  -- The seed's columns. success: null until it has run.
  success boolean,
  action_details jsonb not null default '{}',
  old_config jsonb,
  new_config jsonb,
  -- What the probe saw, as an attacker sees it.
  verification jsonb,
  error text,
  expires_at timestamptz,
  applied_at timestamptz,
  verified_at timestamptz,
  rolled_back_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (decision_id, action_type)
);
create index adaptations_time_idx on adaptations (created_at desc, id desc);
create index adaptations_standing_idx on adaptations (sensor, action_type) where status in ('applied', 'verified');

-- One planted secret each, so that its use can be recognised.
create table lures (
  id uuid primary key default gen_random_uuid(),
  adaptation_id uuid not null references adaptations (id) on delete cascade,
  kind text not null,
  path text not null,
  -- sha-256 of the secret, so that the index does not hold it twice.
  secret_hash bytea not null,
  created_at timestamptz not null default now()
);
create unique index lures_secret_idx on lures (secret_hash);

-- One row per place that is read. bytes_read is counted from file offsets, bytes_stored and bytes_parked from lines, and
-- all move only in the transaction that stores what they cover: so bytes_read = bytes_stored + bytes_parked, and what the
-- source still holds (bytes_unread, asked live) makes up bytes_seen. bytes_duplicate is a part of bytes_stored.
create table sources (
  source_id text primary key,
  kind text not null,
  place text not null,
  position jsonb not null default '{}',
  bytes_read bigint not null default 0,
  bytes_stored bigint not null default 0,
  bytes_duplicate bigint not null default 0,
  bytes_parked bigint not null default 0,
  lines_stored bigint not null default 0,
  lines_duplicate bigint not null default 0,
  lines_parked bigint not null default 0,
  last_event_at timestamptz,
  updated_at timestamptz not null default now()
);

create table parked_lines (
  id bigint generated always as identity primary key,
  source_id text not null,
  reason text not null,
  explanation text not null,
  bytes bytea not null,
  -- Larger than length(bytes) where the line was over the bound and only its head was kept.
  covered_bytes bigint not null,
  -- sha-256 of bytes: the same broken line read again is not parked twice.
  content_hash bytea not null,
  parked_at timestamptz not null default now(),
  retried_at timestamptz,
  event_id uuid
);
create unique index parked_lines_content_idx on parked_lines (source_id, content_hash);
create index parked_lines_open_idx on parked_lines (id) where event_id is null;

create table jobs (
  id bigint generated always as identity primary key,
  kind text not null,
  -- The same cause queues the same job once.
  job_key text not null unique,
  payload jsonb not null,
  run_at timestamptz not null default now(),
  attempts integer not null default 0,
  max_attempts integer not null default 5,
  locked_until timestamptz,
  last_error text,
  done_at timestamptz,
  failed_at timestamptz,
  created_at timestamptz not null default now()
);
create index jobs_waiting_idx on jobs (run_at, id) where done_at is null and failed_at is null;

-- Statistics read these, never events.
create table rollup_hours (
  hour timestamptz not null,
  sensor text not null,
  event_type text not null,
  severity text not null,
  events bigint not null,
  primary key (hour, sensor, event_type, severity)
);
create table rollup_commands (
  command_hash uuid primary key,
  command text not null,
  severity text not null,
  events bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null
);
create index rollup_commands_count_idx on rollup_commands (events desc);
create table rollup_credentials (
  credential_hash uuid primary key,
  username text not null,
  password text,
  attempts bigint not null,
  successes bigint not null,
  last_seen timestamptz not null
);
create index rollup_credentials_count_idx on rollup_credentials (attempts desc);

create table sensors (
  sensor text primary key,
  kind text not null,
  place text not null,
  -- Null until `cerberus prepare` has made it ready; then what was prepared.
  prepared jsonb,
  last_seen timestamptz
);

-- Runtime settings that POST /config may change; the schema is in contract/src/settings.ts.
create table settings (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

create table api_tokens (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  -- sha-256 of 256 random bits: a slow hash would add nothing.
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  details jsonb not null default '{}'
);

create function touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;
create trigger sessions_touch before update on sessions for each row execute function touch_updated_at();
create trigger attackers_touch before update on attackers for each row execute function touch_updated_at();
create trigger adaptations_touch before update on adaptations for each row execute function touch_updated_at();

-- The seed's views for common queries.
create view recent_events as
  select id, event_type, timestamp, sensor, session_id, source_ip, command, username, severity, threat_score, anomaly_score, attack_type
    from events where not is_probe order by id desc limit 1000;
create view active_sessions as
  select id, session_id, sensor, source_ip, protocol, start_time, last_event_time, event_count, command_count, successful_login, severity
    from sessions where is_active and not is_probe;
create view top_attackers as
  select ip_address, threat_level, threat_score, total_events, total_sessions, high_severity_count, last_seen
    from attackers order by threat_score desc, total_events desc;
