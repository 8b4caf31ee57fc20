-- A session that somebody had got into waits here, once it has ended, until its effect is counted. Old logs that are
-- replayed are left out: nobody adapted anything for them.
create function await_effect() returns trigger language plpgsql as $$
begin
  insert into ended_sessions (id) values (new.id) on conflict do nothing;
  return null;
end $$;
create trigger sessions_ended after update on sessions for each row
  when (old.is_active and not new.is_active and new.successful_login and not new.is_probe
        and new.last_event_time > now() - interval '1 day')
  execute function await_effect();
create trigger sessions_ended_at_once after insert on sessions for each row
  when (not new.is_active and new.successful_login and not new.is_probe
        and new.last_event_time > now() - interval '1 day')
  execute function await_effect();
