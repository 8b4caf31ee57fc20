-- What the model had told before a person's word took its place, so that the word can be taken back. Null where the word was
-- given before this was kept, or nothing was told.
alter table feedback add column told_assessment jsonb;
