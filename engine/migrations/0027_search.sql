-- Whether an address, which is any text that a sensor gave, lies within a network. For what has no common beginning in text.
create function address_within(address text, network inet) returns boolean
  language plpgsql immutable strict parallel safe as $$
begin
  return address::inet <<= network;
exception when invalid_text_representation then
  return false;
end $$;

-- Searches that somebody wants to have again. The owner is who made it, as the audit log names him: `token:<name>`.
create table saved_searches (
  id uuid primary key default gen_random_uuid(),
  owner text not null,
  -- events, sessions or attackers.
  list text not null,
  name text not null,
  q text not null,
  columns text[] not null default '{}',
  created_at timestamptz not null default now(),
  unique (owner, list, name)
);

-- In how many sessions of a day each technique was seen, for the last 60 days. Counted anew each hour, beside the fast lane.
create materialized view technique_days as
select (start_time at time zone 'UTC')::date as day, technique, count(*) as sessions
  from sessions, unnest(techniques) as technique
 where not is_probe and start_time >= now() - interval '60 days'
 group by 1, 2;

-- What this program used, a row each five minutes; kept for 60 days.
create table resource_samples (
  at timestamptz primary key,
  memory_bytes bigint not null,
  -- Share of one core since the sample before.
  cpu_share real not null,
  database_bytes bigint not null,
  -- How long work waited for the event loop, 99th percentile since the sample before.
  loop_delay_ms real not null,
  events_per_minute real not null
);
