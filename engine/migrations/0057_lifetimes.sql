-- How long a thing was to stand by the clock that set `expires_at`: where that clock was years ahead, it is what is left to go by.
alter table actions add column lifetime_seconds integer;
alter table adaptations add column lifetime_seconds integer;
