-- People: who may sign in, how, and where they are signed in.

create table users (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  -- scrypt, in the PHC form; null: he has not followed his link yet, or an OpenID provider vouches for him.
  password_hash text,
  -- Sealed under a key of the installation, which is not in the database.
  totp_sealed bytea,
  -- Null: offered, and not confirmed by a code yet.
  totp_since timestamptz,
  -- The last time step whose code was taken: no code is good twice.
  totp_step bigint not null default 0,
  -- sha-256 each; a code that was used is taken out.
  recovery_hashes bytea[] not null default '{}',
  oidc_issuer text,
  oidc_subject text,
  disabled_at timestamptz,
  created_at timestamptz not null,
  last_sign_in_at timestamptz,
  check ((oidc_issuer is null) = (oidc_subject is null))
);
create unique index users_name_idx on users (lower(name));
create unique index users_oidc_idx on users (oidc_issuer, oidc_subject);

create table user_sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  -- sha-256 of 256 random bits.
  secret_hash bytea not null unique,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  address text not null
);
create index user_sessions_user_idx on user_sessions (user_id);

-- Links that let a person choose a password, once.
create table user_links (
  token_hash bytea primary key,
  -- Null: whoever opens it becomes the first admin.
  user_id uuid references users on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

-- The only parts of the API that a token may ask; null for all that its role may.
alter table api_tokens add column scopes text[];
alter table api_tokens add column created_by text;
