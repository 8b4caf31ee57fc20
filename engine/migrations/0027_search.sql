-- Whether an address, which is any text that a sensor gave, lies within a network. For what has no common beginning in text.
create function address_within(address text, network inet) returns boolean
  language plpgsql immutable strict parallel safe as $$
begin
  return address::inet <<= network;
exception when invalid_text_representation then
  return false;
end $$;

-- Searches that somebody wants to have again. The owner is who made it, as the audit log names him: `token:<name>`.
create table saved_searches (
  id uuid primary key default gen_random_uuid(),
  owner text not null,
  -- events, sessions or attackers.
  list text not null,
  name text not null,
  q text not null,
  columns text[] not null default '{}',
  created_at timestamptz not null default now(),
  unique (owner, list, name)
);
