-- What is told of a whole session when it is over, written when it is folded; null before that, and of one that only knocked.
alter table sessions
  add column actor text check (actor in ('script', 'human')),
  -- 0 script … 1 human.
  add column actor_score real,
  add column anomaly_score real,
  add column novelty real;
