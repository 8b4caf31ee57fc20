-- Adaptations that a person asked for follow from no decision: `cause_id` is that of the order, which asks for each kind once.
alter table adaptations
  add column cause_id uuid,
  add column requested_by text not null default 'engine';
create unique index adaptations_cause_idx on adaptations (cause_id, action_type) where cause_id is not null;
