-- Decisions with all that they were made of, approvals, the policies themselves, the audit chain, and what adaptations did.

alter table decisions
  add column verdict text not null default 'act' check (verdict in ('act', 'ask', 'nothing')),
  add column wanted text not null default 'monitor',
  add column guard text,
  add column target text not null default '',
  -- Null in decisions from before inputs were recorded.
  add column inputs jsonb,
  -- For the action: also, parameters, lifetimeSeconds, approvalSeconds, quietUntil, draws.
  add column plan jsonb not null default '{}';
update decisions set wanted = decision;
-- What the guards count after a restart; what nobody did is most of the table.
create index decisions_acted_idx on decisions (decided_at) where verdict <> 'nothing';

create table approvals (
  decision_id uuid primary key references decisions (id),
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'expired', 'cancelled')),
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  answered_by text,
  note text
);
create index approvals_pending_idx on approvals (expires_at) where status = 'pending';

-- Every policy that was ever in force, so that a decision is explained by the rules of its time.
create table policies (
  version text primary key,
  content jsonb not null,
  place text not null,
  first_used_at timestamptz not null default now()
);

-- The chain. A row is inserted in the transaction of its cause and chained soon after: seq, prev_hash and hash are null
-- until then. seq has no gaps; hash covers prev_hash and every other column.
alter table audit_log
  add column seq bigint unique,
  add column prev_hash bytea,
  add column hash bytea;
create index audit_log_open_idx on audit_log (id) where seq is null;

-- Decisions of a batch that the chain does not hold yet: {"<decision id>": "<sha-256 of its content>"}. The fast lane adds
-- a row per batch; the chain takes all that wait as one entry.
create table audit_pending (
  id bigint generated always as identity primary key,
  decisions jsonb not null
);

-- The head of the chain each time it grew, signed by this installation: nobody else can add to the chain.
create table audit_seals (
  seq bigint primary key,
  hash bytea not null,
  signature bytea not null,
  sealed_at timestamptz not null default now()
);

-- Sessions that ended after somebody had got in, until their effect is counted.
create table ended_sessions (
  id uuid primary key
);

-- How sessions went, by what they were shown: what `GET /api/adaptations/effect` reads.
create table adaptation_effects (
  day date not null,
  -- An adaptation's action_type; '' for sessions that were shown none.
  action_type text not null,
  -- shown, control (nothing standing, and in the control group), bystander (nothing standing, not in the control group),
  -- mixed (in the control group, but shown what was planted for others)
  exposure text not null,
  sessions bigint not null,
  touched_sessions bigint not null,
  dwell_seconds double precision not null,
  dwell_log_sum double precision not null,
  dwell_log_squares double precision not null,
  commands double precision not null,
  commands_log_sum double precision not null,
  commands_log_squares double precision not null,
  primary key (day, action_type, exposure)
);
