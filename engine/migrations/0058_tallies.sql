-- What live batches add to attackers and to the rollups that may be a second late, in the transaction of their events; one
-- row for each batch, until it is added to these tables together with others.
create table tallies (
  id bigint generated always as identity primary key,
  tally bytea not null,
  -- The address of each session that began with this batch.
  begun text[] not null
-- Rows live for a second: neither moved aside nor compressed before they are gone.
) with (toast_tuple_target = 8160);
alter table tallies alter column tally set storage external;
