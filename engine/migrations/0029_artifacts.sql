-- Recordings of terminals and files that attackers brought, by the hash of their content. Never run, never served as they
-- are. `sealed` is AES-256-GCM under a key that the database never sees; null where room was needed: the row stays.
create table artifacts (
  sha256 text primary key,
  kind text not null check (kind in ('recording', 'payload')),
  form text not null check (form in ('ttylog', 'asciicast', 'file')),
  size_bytes bigint not null,
  sealed_bytes bigint not null,
  sealed bytea,
  first_seen timestamptz not null,
  -- That had it, of all sensors.
  sessions bigint not null default 0,
  kept_at timestamptz not null default now()
);
-- For making room: what was brought in longest ago goes first.
create index artifacts_room_idx on artifacts (kept_at) where sealed is not null;
-- Already compressed and encrypted: PostgreSQL's own compression would only cost time.
alter table artifacts alter column sealed set storage external;

-- That an event told of one: written in the transaction of the event, brought in later. `named_sha256` is what the
-- honeypot calls it; of Cowrie's terminal logs that is the hash of what was typed, which says nothing about the output.
create table artifact_sightings (
  event_id uuid primary key,
  seen_at timestamptz not null,
  sensor text not null,
  session_id text not null,
  kind text not null check (kind in ('recording', 'download', 'upload')),
  named_sha256 text not null,
  path text not null,
  origin text,
  -- The honeypot had one of this name already: what an earlier session left.
  is_repeat boolean not null,
  -- Of the log that told of it, beside which it is looked for; null where that is on another machine.
  log_path text,
  state text not null check (state in ('waiting', 'kept', 'missing', 'too_large', 'refused', 'elsewhere')),
  why text,
  attempts integer not null default 0,
  try_at timestamptz not null default now(),
  artifact_sha256 text references artifacts (sha256)
);
create index artifact_sightings_session_idx on artifact_sightings (session_id, sensor);
create index artifact_sightings_artifact_idx on artifact_sightings (artifact_sha256);
create index artifact_sightings_waiting_idx on artifact_sightings (try_at) where state = 'waiting';
