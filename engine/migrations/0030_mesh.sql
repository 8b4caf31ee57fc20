-- Sensors of the mesh: `cerberus sensor` beside a honeypot elsewhere. They are rows of `sensors` of the kind 'mesh'.
alter table sensors
  -- sha-256 of a secret that is good once; kept after its use, so that a lost answer can be given again.
  add column invitation_hash bytea unique,
  add column invitation_used boolean not null default false,
  add column invited_until timestamptz,
  -- sha-256 of the secret that the sensor made for itself.
  add column secret_hash bytea unique,
  add column enrolled_at timestamptz,
  add column revoked_at timestamptz,
  -- contract: Heartbeat, as it came last.
  add column heartbeat jsonb,
  -- The sensor's clock before (-) or after ours when it last spoke.
  add column clock_skew_ms double precision,
  -- What people were told is wrong with it; null while all is well.
  add column alert text,
  add column alert_since timestamptz;
