-- Where attackers come from: told offline, from tables that npm packages bring.
alter table attackers
  -- ISO 3166-1; null: not known, or no address of the internet's.
  add column country text,
  add column city text,
  add column asn bigint,
  add column as_name text,
  -- 'private', 'loopback' …, or the name of one of the user's own networks.
  add column network text,
  -- A research scanner that says where it scans from.
  add column scanner text,
  -- The gravest answer of the reputation providers that were asked, 0 harmless to 1 known bad; null: nobody was asked.
  add column reputation real,
  add column reputation_at timestamptz;
create index attackers_country_idx on attackers (country, threat_score desc, id) where country is not null;
create index attackers_asn_idx on attackers (asn, threat_score desc, id) where asn is not null;
create index attackers_scanner_idx on attackers (scanner, threat_score desc, id) where scanner is not null;

-- Events by day and origin. '' and 0 stand for "not known": a key cannot hold null.
create table rollup_countries (
  day date not null,
  country text not null,
  asn bigint not null,
  as_name text not null,
  events bigint not null,
  primary key (day, country, asn)
);

-- What providers said of an address, kept until it expires; an answer "nothing known" is kept too.
create table reputations (
  ip_address text not null,
  provider text not null,
  -- 0 harmless … 1 known bad; null: the provider knows nothing.
  score real,
  -- A sentence for people.
  says text not null,
  details jsonb not null default '{}',
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (ip_address, provider)
);
create index reputations_expiry_idx on reputations (expires_at);

-- Questions asked of each provider in a day (UTC), so that a restart does not forget the budget.
create table reputation_budgets (
  provider text not null,
  day date not null,
  asked integer not null,
  primary key (provider, day)
);
