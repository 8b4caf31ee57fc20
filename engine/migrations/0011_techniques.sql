-- How often each ATT&CK technique was seen: what the matrix shows, without a look at the events.
create table rollup_techniques (
  technique text primary key,
  events bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null
);
insert into rollup_techniques
select technique, count(*), min(timestamp), max(timestamp)
  from events, unnest(techniques) as technique where not is_probe group by technique;
