-- Months of events that retention took out. Their counts stay in sessions, attackers and rollups, so what is read back
-- from an archive of this database is not counted again.
create table archives (
  id uuid primary key,
  month text not null,
  -- age, size or disk: the limit that was reached.
  reason text not null,
  -- Until then its events lie in a table of their own, archived_<id>.
  archived_at timestamptz,
  file text,
  events bigint,
  bytes bigint,
  sha256 bytea,
  detached_at timestamptz not null default now(),
  restored_at timestamptz
);
