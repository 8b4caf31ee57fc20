-- What visitors who are watched left in a honeypot: recordings of their terminals, and what they brought. Kept in a folder of
-- ours, where neither the honeypot nor whoever cleans up behind it takes them away.
create table kept_files (
  id uuid primary key default gen_random_uuid(),
  sensor text not null,
  session_id text not null,
  source_ip text,
  kind text not null check (kind in ('recording', 'payload')),
  -- As the honeypot calls it.
  name text not null,
  -- The event that told of it; a recording is kept from its first byte on, and told when it ends.
  event_id uuid unique,
  -- Below the data folder's `evidence`; null where there was nothing to keep, and `note` says why.
  path text,
  bytes bigint,
  sha256 text,
  note text,
  kept_at timestamptz not null,
  unique (sensor, session_id, name)
);
create index kept_files_time_idx on kept_files (kept_at desc, id desc);
create index kept_files_source_ip_idx on kept_files (source_ip, kept_at desc);
