-- What attackers left in our own decoys, as a layer over the decoy's persona: one row for each path that was changed.
create table decoy_worlds (
  sensor text not null,
  -- The address of whoever made it, or another name of his.
  world text not null,
  created_at timestamptz not null default now(),
  -- A world that nobody enters is forgotten.
  entered_at timestamptz not null default now(),
  primary key (sensor, world)
);
create index decoy_worlds_entered_idx on decoy_worlds (entered_at);

create table decoy_world_files (
  sensor text not null,
  world text not null,
  path text not null,
  -- 'gone': the persona's own entry was removed.
  kind text not null check (kind in ('file', 'folder', 'link', 'gone')),
  mode integer not null,
  uid bigint not null,
  gid bigint not null,
  modified_at timestamptz not null,
  target text,
  content bytea,
  primary key (sensor, world, path),
  foreign key (sensor, world) references decoy_worlds on delete cascade
);

-- By what an attacker is known again. A name leads to one world: the first that had it.
create table decoy_world_names (
  sensor text not null,
  kind text not null check (kind in ('address', 'key')),
  name text not null,
  world text not null,
  primary key (sensor, kind, name),
  foreign key (sensor, world) references decoy_worlds on delete cascade
);
create index decoy_world_names_world_idx on decoy_world_names (sensor, world);
