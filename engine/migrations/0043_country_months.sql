-- rollup_countries by the month, for questions about all time: of 10,000,000 events 12,000 rows instead of 211,000.
create table rollup_country_months (
  month date not null,
  country text not null,
  asn bigint not null,
  as_name text not null,
  events bigint not null,
  primary key (month, country, asn)
);
insert into rollup_country_months
select date_trunc('month', day)::date, country, asn, max(as_name), sum(events) from rollup_countries group by 1, 2, 3;

-- A severity that nearly no session has was looked for in all of them (216 ms of 500,000).
create index sessions_severity_idx on sessions (severity, start_time, id);

-- In the order that the list has, so that commands of the same count need no sort.
drop index rollup_commands_count_idx;
create index rollup_commands_count_idx on rollup_commands (events desc, command_hash desc);
