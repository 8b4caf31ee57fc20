-- Besides keys of hosts over SSH: key pairs at AWS EC2, which have a region and a name there, and no host.
alter table managed_keys
  add column kind text not null default 'ssh' check (kind in ('ssh', 'ec2')),
  add column region text,
  -- The name at AWS of the pair that is in use; each rotation makes a new one.
  add column pair_name text,
  alter column host drop not null,
  alter column port drop not null,
  alter column username drop not null,
  alter column host_key drop not null,
  alter column authorized_keys drop not null,
  add constraint managed_keys_whole check (
    case kind when 'ssh' then host is not null and port is not null and username is not null
                              and host_key is not null and authorized_keys is not null
              else region is not null and pair_name is not null end);
