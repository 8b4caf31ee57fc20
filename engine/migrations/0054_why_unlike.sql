-- What makes a visit unlike others and new, in words; null of visits that were folded before these columns.
alter table sessions
  add column anomaly_why text,
  add column novelty_why text;
