-- Keys of real hosts that `rotate_key` may replace. Not honeypots.
create table managed_keys (
  name text primary key,
  host text not null,
  port integer not null,
  username text not null,
  -- The host's own key, pinned: SHA256:…
  host_key text not null,
  authorized_keys text not null,
  -- Type and base64.
  public_key text not null,
  fingerprint text not null,
  -- enc:v1:…, AES-256-GCM under the master key, which the database never sees.
  sealed_key text not null,
  rest_hours integer not null,
  created_at timestamptz not null default now(),
  rotated_at timestamptz
);
create index managed_keys_username_idx on managed_keys (username);
