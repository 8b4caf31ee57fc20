-- What was done besides changing a honeypot's world (that is `adaptations`), from being asked for to being taken back.
create table actions (
  id uuid primary key,
  -- Of the decision or of a person's request: one cause asks for the same thing once.
  cause_id uuid not null,
  decision_id uuid references decisions (id),
  kind text not null,
  -- What it is done to; two actions on one target never run at the same time.
  target text not null,
  status text not null check (status in
    ('waiting', 'planned', 'applied', 'verified', 'undoing', 'dry_run', 'refused', 'failed', 'undone')),
  ends_as text check (ends_as in ('failed', 'undone')),
  requested_by text not null,
  approved_by text,
  reason text not null,
  severity text not null,
  sensor text,
  session_id text,
  source_ip text,
  parameters jsonb not null,
  -- What is needed to finish it or to take it back after a kill; secrets in it are sealed. Not shown by the API.
  plan jsonb,
  steps jsonb not null default '[]',
  result jsonb,
  verification jsonb,
  error text,
  undo_error text,
  attempts integer not null default 0,
  retry_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  applied_at timestamptz,
  verified_at timestamptz,
  expires_at timestamptz,
  ended_at timestamptz,
  unique (cause_id, kind, target)
);
create index actions_time_idx on actions (created_at desc, id desc);
create index actions_open_idx on actions (status, created_at)
  where status in ('waiting', 'planned', 'applied', 'verified', 'undoing');
create index actions_budget_idx on actions (kind, created_at);
create trigger actions_touch before update on actions for each row execute function touch_updated_at();
