-- A row whose indexed columns stay as they are is updated in place: no index is written, and the old version goes as soon
-- as its page is needed. Each batch changes counts and times of its sessions and attackers, and these stood in indexes, so
-- that an attacker's update cost 47 µs of the server, most of it for entries in eight indexes. What orders or finds them
-- is now a column that seldom changes; the exact order within one value of it is a small sort.

alter table sessions set (fillfactor = 80);
alter table sessions add column needs_folding boolean not null
  generated always as (not is_active and not is_probe and folded_events is distinct from event_count) stored;
drop index sessions_unfolded_idx;
create index sessions_unfolded_idx on sessions (start_time) where needs_folding;
drop index sessions_active_idx;
create index sessions_active_idx on sessions (start_time) where is_active;

alter table attackers set (fillfactor = 70);
alter table attackers
  -- Doublings: 0 for none, 1 for one and two events, 2 up to six …
  add column events_magnitude integer not null
    generated always as (floor(ln(total_events::float8 + 1) / ln(2::float8))::integer) stored,
  add column last_seen_day date not null
    generated always as ((last_seen at time zone 'UTC')::date) stored;
drop index attackers_total_idx;
create index attackers_total_idx on attackers (events_magnitude desc);
drop index attackers_last_seen_idx;
create index attackers_last_seen_idx on attackers (last_seen_day desc);

-- A month of events is looked at anew each time it has grown by a tenth. Nothing is planned by the contents of these
-- columns, and comparing documents was most of the work (1.4 s of a million events). New months: partitions.ts.
alter table events
  alter column raw_event set statistics 0,
  alter column assessment set statistics 0,
  alter column raw_bytes set statistics 0,
  alter column why set statistics 0;
