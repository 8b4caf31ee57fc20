-- What people are told, one row a channel; and addresses that are blocked for a time.

create table notices (
  id uuid not null,
  channel text not null check (channel in ('webhook', 'slack', 'email', 'pagerduty', 'syslog')),
  -- What it is about; one notice for each in a while.
  group_key text not null,
  severity text not null,
  subject text not null,
  -- contract: Notice
  notice jsonb not null,
  status text not null check (status in ('waiting', 'sent', 'digested', 'failed')),
  repeats integer not null default 0,
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (id, channel)
);
create index notices_time_idx on notices (created_at desc, id desc);
create index notices_group_idx on notices (channel, group_key, created_at desc);
create index notices_channel_idx on notices (channel, status, sent_at);

create table blocklist (
  address inet primary key,
  reason text not null,
  -- The action that put it here; the last one, where several did.
  action_id uuid not null,
  since timestamptz not null,
  until timestamptz not null
);
create index blocklist_until_idx on blocklist (until);
