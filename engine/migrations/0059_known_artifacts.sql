-- Most sightings are of files that nobody has: each was an entry of this index under null, at one place of it.
drop index artifact_sightings_artifact_idx;
create index artifact_sightings_artifact_idx on artifact_sightings (artifact_sha256) where artifact_sha256 is not null;
