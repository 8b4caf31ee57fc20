-- Every step of an adaptation or an action is appended to the audit log in the transaction that makes it, whoever makes
-- it: the runner, the recovery after a kill, a person.
create function audit_step() returns trigger language plpgsql as $$
declare
  thing text := tg_argv[0];
  given jsonb := to_jsonb(new);
begin
  if tg_op = 'UPDATE' and new.status = old.status then
    return null;
  end if;
  insert into audit_log (actor, action, subject, details)
  values ('engine', thing || '.' || new.status, new.id::text,
          jsonb_strip_nulls(jsonb_build_object(
            'kind', coalesce(given->'action_type', given->'kind'),
            'target', coalesce(given->'target', given->'sensor'),
            'decision', given->'decision_id',
            'approved_by', given->'approved_by',
            'requested_by', given->'requested_by',
            'verified', given->'verification'->'verified',
            'error', given->'error')));
  return null;
end $$;
create trigger adaptations_audit after insert or update of status on adaptations
  for each row execute function audit_step('adaptation');
create trigger actions_audit after insert or update of status on actions
  for each row execute function audit_step('action');
