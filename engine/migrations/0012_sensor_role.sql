-- A token that may push events and nothing else.
alter table api_tokens drop constraint api_tokens_role_check;
alter table api_tokens add constraint api_tokens_role_check check (role in ('sensor', 'viewer', 'operator', 'admin'));
