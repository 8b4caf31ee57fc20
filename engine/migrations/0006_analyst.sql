-- The language model's readings of sessions, one a session, and what it has used of its budget.

create table analyses (
  id uuid primary key default gen_random_uuid(),
  session_id text not null,
  sensor text not null,
  source_ip text,
  status text not null check (status in ('read', 'refused', 'skipped')),
  -- sha-256 of what the model was shown, without addresses, ids and times, and of model and prompt.
  fingerprint bytea not null,
  -- The first seed's response format (contract: AnalystReading); null unless status is read.
  reading jsonb,
  citations uuid[] not null default '{}',
  -- The events that were shown, in order: a reading that is reused points at the same places of another session.
  shown_events uuid[] not null default '{}',
  why text not null,
  threat_score_before real not null,
  threat_score_after real not null check (threat_score_after >= threat_score_before),
  recommendation text not null check (recommendation in ('followed', 'not_allowed', 'none')),
  reused boolean not null,
  provider text not null,
  model text not null,
  input_tokens integer not null,
  output_tokens integer not null,
  took_ms integer not null,
  analysed_at timestamptz not null,
  unique (session_id, sensor)
);
create index analyses_time_idx on analyses (analysed_at desc, id desc);
create index analyses_source_ip_idx on analyses (source_ip);
create index analyses_fingerprint_idx on analyses (fingerprint, analysed_at desc) where status = 'read' and not reused;

-- One row an hour; what was asked for is counted before the call, so that two processes cannot both take the last request.
create table llm_usage (
  hour timestamptz primary key,
  requests integer not null,
  tokens bigint not null
);
