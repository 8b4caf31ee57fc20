-- What providers of reputation said of a file by its hash; the file itself is shown to nobody.
create table artifact_verdicts (
  sha256 text not null,
  provider text not null,
  -- 0 harmless to 1 known bad; null: nothing is known of it.
  score real,
  says text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (sha256, provider)
);
-- For finding what is to be asked about: files of the last days.
create index artifact_sightings_files_idx on artifact_sightings (seen_at) where kind <> 'recording';
