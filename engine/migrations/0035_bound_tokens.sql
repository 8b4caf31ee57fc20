-- Whose lines a token pushes, whatever they say; null for a token that may speak for any sensor.
alter table api_tokens add column sensor text;
