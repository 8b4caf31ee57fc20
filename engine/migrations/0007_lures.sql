-- Lures that are made before they are planted (kits that lie ready in a Cowrie), who read them first, and their use.

alter table lures
  alter column adaptation_id drop not null,
  add column kit_id uuid,
  -- An adaptation's action_type.
  add column trap text,
  -- For people, where it gives nothing away: a key's id, a user's name.
  add column shown text,
  -- 32 bits of another hash, for the look that the fast lane takes at every word: what it knows not is dismissed by it.
  -- Null in lures from before there were touches: those are not recognised.
  add column quick_hash bigint,
  add column sensor text,
  -- Null until a visitor can see it.
  add column planted_at timestamptz,
  -- For whom it was planted; what everybody sees is for nobody.
  add column session_id text,
  add column source_ip text,
  add column first_read_at timestamptz,
  add column first_read_session text,
  add column first_read_ip text;

-- Short secrets (a user's name) may come twice in a long life.
drop index lures_secret_idx;
create index lures_secret_idx on lures (secret_hash);
create index lures_kit_idx on lures (kit_id) where kit_id is not null;
create index lures_adaptation_idx on lures (adaptation_id);
create index lures_planted_idx on lures (planted_at desc, id desc) where planted_at is not null;

create table touches (
  id uuid primary key default gen_random_uuid(),
  lure_id uuid not null references lures (id) on delete cascade,
  event_id uuid not null,
  touched_at timestamptz not null,
  -- Where it was used: username, password, key, command, input or tunnel.
  place text not null,
  sensor text not null,
  session_id text,
  source_ip text,
  unique (lure_id, event_id)
);
create index touches_time_idx on touches (touched_at desc, id desc);
create index touches_session_idx on touches (session_id);
