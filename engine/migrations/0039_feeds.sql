-- A feed is a source as one ingest process reads it. Its lines come over streams, one for each partition of sessions, as
-- parts that are numbered from 1. How far each partition is stored moves only in the transaction that stores what it
-- covers, and only from the number that the writer believes in: so a part is stored once, whoever believes to own it.
create table feed_positions (
  feed_id uuid not null,
  partition integer not null,
  -- The latest part that is durable.
  stored bigint not null,
  -- What became of the lines, for the ingest that waits for it. A write over several partitions counts at one of them.
  lines_stored bigint not null default 0,
  lines_duplicate bigint not null default 0,
  lines_parked bigint not null default 0,
  last_event_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (feed_id, partition)
);

-- Fails the transaction of a writer that does not own the partition any more.
create function require_feed_moved(moved bigint, wanted bigint) returns void language plpgsql as $$
begin
  if moved <> wanted then
    raise exception 'A feed was moved on by another worker.' using errcode = 'CM039';
  end if;
end
$$;
