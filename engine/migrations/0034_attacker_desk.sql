-- What people wrote about an attacker. Never changed and never taken away: who reads it later must know what was known.
create table attacker_notes (
  id uuid primary key default gen_random_uuid(),
  ip_address text not null,
  text text not null,
  -- As the audit log names him: `user:<name>`, `token:<name>`.
  written_by text not null,
  written_at timestamptz not null default now()
);
create index attacker_notes_idx on attacker_notes (ip_address, written_at desc);

-- Networks about which nothing is done by itself, beside those of the policy's file and the configured own ones.
create table allowed_networks (
  id uuid primary key default gen_random_uuid(),
  network cidr not null unique,
  reason text not null,
  added_by text not null,
  added_at timestamptz not null default now()
);
