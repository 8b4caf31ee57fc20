-- What a decision was made of is read whole or not at all: it is kept as the JSON that was hashed, and not taken apart for jsonb.
alter table decisions alter column inputs type json using inputs::text::json;
