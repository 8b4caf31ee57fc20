-- How well a sensor passed for what it claims to be, each time it was tested.
create table detectability (
  id bigint generated always as identity primary key,
  sensor text not null,
  measured_at timestamptz not null,
  score real not null,
  report jsonb not null
);
create index detectability_sensor_idx on detectability (sensor, measured_at desc);
