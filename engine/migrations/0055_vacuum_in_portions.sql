-- A month of events is only ever added to. Vacuumed after each 100,000 of them, their pages are still in memory and need no
-- full image in the log; left until a fifth was new, they had to be read again and logged whole, at 12 µs of the server an event.
do $$
declare partition regclass;
begin
  for partition in
    select inhrelid::regclass from pg_inherits where inhparent = 'events'::regclass
  loop
    execute format(
      'alter table %s set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000)', partition);
  end loop;
end
$$;

-- Nothing is planned by the contents of these, and comparing documents and arrays was most of each look at the sessions.
alter table sessions
  alter column state set statistics 0,
  alter column techniques set statistics 0;
