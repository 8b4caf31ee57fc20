-- What the models learn from, what was trained, and what is assessed again.

-- Few rows wait for a model at any time; they are looked for every few seconds.
create index events_unanalyzed_idx on events (id) where not is_analyzed;

-- A walk over stored events in order of their ids, one page a transaction: cursor_id moves with what it covers.
create table reassessments (
  id uuid primary key default gen_random_uuid(),
  -- unanalyzed: events that had to wait for a model; asked: all events of a period, with the current model.
  cause text not null check (cause in ('unanalyzed', 'asked')),
  from_id uuid not null,
  to_id uuid not null,
  cursor_id uuid,
  -- The last address whose threat score was counted again; only where scores may have become lower.
  cursor_address text,
  events bigint not null default 0,
  changed bigint not null default 0,
  started_at timestamptz not null default now(),
  started_by text not null,
  ended_at timestamptz
);
create index reassessments_open_idx on reassessments (started_at) where ended_at is null;

-- The latest word of a person on an event; earlier ones are in audit_log. The text is kept here too, because events are
-- dropped by retention and what was learned from must stay.
create table feedback (
  event_id uuid primary key,
  verdict text not null check (verdict in ('false_positive', 'corrected', 'confirmed')),
  told text not null,
  severity text not null check (severity in ('LOW', 'MEDIUM', 'HIGH')),
  note text,
  event_type text not null,
  command text,
  learnable boolean not null,
  given_by text not null,
  given_at timestamptz not null default now()
);
create index feedback_time_idx on feedback (given_at desc, event_id desc);

-- Versions trained here, files included, so that every process of an installation finds them. The shipped one has no row.
create table models (
  version text primary key,
  parent text not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  events bigint not null,
  feedback bigint not null,
  from_time timestamptz,
  to_time timestamptz,
  why text not null,
  comparisons jsonb not null,
  cards jsonb not null,
  -- File name to text.
  files jsonb not null
);

-- Which version is in use: the latest row's; the shipped one where there is none.
create table model_promotions (
  id bigint generated always as identity primary key,
  version text not null,
  replaced text not null,
  is_rollback boolean not null,
  promoted_at timestamptz not null default now(),
  promoted_by text not null
);

create table trainings (
  id uuid primary key default gen_random_uuid(),
  state text not null default 'running' check (state in ('running', 'done', 'refused', 'failed')),
  step text not null default '',
  done real not null default 0,
  days integer,
  started_at timestamptz not null default now(),
  started_by text not null,
  ended_at timestamptz,
  version text,
  promoted boolean,
  why text
);
create index trainings_time_idx on trainings (started_at desc);
