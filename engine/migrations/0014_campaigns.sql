-- Sessions folded into campaigns, and which shapes were ever seen. Written by the slow lane alone, one batch at a time.

-- How many of its events were there when a session was folded; another number (a late event) has it folded again.
alter table sessions add column folded_events integer;
-- The slow lane's queue: a row enters it in the transaction that ends its session.
create index sessions_unfolded_idx on sessions (last_event_time)
  where not is_active and not is_probe and folded_events is distinct from event_count;

create table campaigns (
  id uuid primary key,
  -- What tells it best, for people: a token, a host, a key's beginning, its first statement.
  name text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  sessions bigint not null,
  addresses bigint not null,
  sensors text[] not null default '{}',
  severity text not null,
  threat_score real not null,
  techniques text[] not null default '{}',
  -- The older one that this one turned out to be a part of. Its id stays known.
  merged_into uuid references campaigns (id),
  merged_at timestamptz,
  merged_why jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index campaigns_last_seen_idx on campaigns (last_seen, id) where merged_into is null;
create index campaigns_merged_idx on campaigns (merged_into) where merged_into is not null;

create table campaign_members (
  -- Row id of the session. It outlives the session's events.
  session_id uuid primary key,
  campaign_id uuid not null references campaigns (id),
  start_time timestamptz not null,
  source_ip text,
  shape_id uuid,
  score real not null,
  -- [{kind, value, weight}]; empty where the session began the campaign.
  why jsonb not null
);
create index campaign_members_campaign_idx on campaign_members (campaign_id, start_time, session_id);
create index campaign_members_shape_idx on campaign_members (shape_id, start_time) where shape_id is not null;

create table campaign_addresses (
  campaign_id uuid not null references campaigns (id),
  ip_address text not null,
  sessions bigint not null,
  last_seen timestamptz not null,
  primary key (campaign_id, ip_address)
);
create index campaign_addresses_ip_idx on campaign_addresses (ip_address, last_seen);

create table campaign_evidence (
  campaign_id uuid not null references campaigns (id),
  -- Made of kind and value, so that a value of any length is a key of sixteen bytes.
  evidence_id uuid not null,
  kind text not null,
  value text not null,
  sessions bigint not null,
  -- The first addresses that showed it, at most three: one alone proves little.
  witnesses text[] not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (campaign_id, evidence_id)
);
create index campaign_evidence_idx on campaign_evidence (evidence_id, sessions desc);

create table campaign_shapes (
  campaign_id uuid not null references campaigns (id),
  shape_id uuid not null,
  sessions bigint not null,
  witnesses text[] not null,
  primary key (campaign_id, shape_id)
);
create index campaign_shapes_idx on campaign_shapes (shape_id, sessions desc);
create index campaign_shapes_top_idx on campaign_shapes (campaign_id, sessions desc);

-- Addresses that showed two established campaigns to be one; enough of them melt the two.
create table campaign_bridges (
  older_id uuid not null references campaigns (id),
  younger_id uuid not null references campaigns (id),
  ip_address text not null,
  primary key (older_id, younger_id, ip_address)
);

-- Every shape of a statement and of a whole session that a sensor of ours ever saw.
create table shapes (
  id uuid primary key,
  kind text not null check (kind in ('statement', 'session')),
  shape text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  sessions bigint not null,
  -- At most 32.
  sensors text[] not null,
  first_session uuid not null,
  -- Of sessions: distinct statements, and the MinHash of statements and their pairs.
  statements integer,
  signature integer[]
);
create index shapes_first_seen_idx on shapes (kind, first_seen, id);

-- Sessions that are alike share a band: this is how a similar one is found without comparing all.
create table shape_bands (
  band smallint not null,
  hash integer not null,
  shape_id uuid not null,
  primary key (hash, band, shape_id)
);

create trigger campaigns_touch before update on campaigns for each row execute function touch_updated_at();
