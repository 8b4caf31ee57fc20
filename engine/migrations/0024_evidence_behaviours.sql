-- What sessions that show some evidence do, coarsely (the first number of their MinHash): evidence that goes with
-- everything tells nothing. At most 64 rows for each.
create table evidence_behaviours (
  evidence_id uuid not null,
  behaviour integer not null,
  sessions bigint not null,
  primary key (evidence_id, behaviour)
);
