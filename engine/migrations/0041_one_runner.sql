-- What the runner of actions keeps of each: adaptations are actions whose rows are here. `ends_as`: it is being taken back,
-- and until that has succeeded `status` says what visitors still see.
alter table adaptations
  add column attempts integer not null default 0,
  add column retry_at timestamptz,
  add column ends_as text check (ends_as in ('failed', 'undone')),
  add column undo_error text,
  add column steps jsonb not null default '[]';
create index adaptations_open_idx on adaptations (created_at) where status in ('planned', 'applied') or ends_as is not null;
