import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const database = z.strictObject({
  url: value.databaseUrl.nullable().default(null).register(settingNotes, {
    env: 'DATABASE_URL',
    help: 'A PostgreSQL server from version 13; without it the embedded one is started.',
    example: 'postgresql://honeynet:password@localhost:5432/honeynet',
    treat: 'secret',
  }),
  readUrl: value.databaseUrl.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_READ_DATABASE_URL',
    help: 'A streaming replica of it, which is asked for statistics; while it does not answer the first one is.',
    example: 'postgresql://honeynet:password@192.0.2.31:5432/honeynet',
    treat: 'secret',
  }),
  retentionDays: value.wholeNumber(1, 36_500).nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_RETENTION_DAYS',
    help: 'Days after which events are removed, in whole months; by default they are kept, old logs that were replayed included.',
    example: '90',
  }),
  retentionMb: value.wholeNumber(64, 1_000_000_000).nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_RETENTION_MB',
    help: 'Megabytes that events may take in the database, their indexes included; beyond it the oldest months are removed, the present one never.',
    example: '50000',
  }),
  diskFreeMb: value.wholeNumber(64, 1_000_000_000).nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_DISK_FREE_MB',
    help: "Megabytes that have to stay free on the database's disk, where it is this machine's; below it the oldest month of events is removed.",
    example: '2000',
  }),
  parkedMb: value.wholeNumber(1, 1_000_000).default(1024).register(settingNotes, {
    env: 'CERBERUS_PARKED_MB',
    help: 'Megabytes of lines that could not be read which are kept to be tried again; beyond it the oldest go, and stay counted.',
    example: '1024',
  }),
  archiveDir: value.path.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_ARCHIVE_DIR',
    help: 'Folder into which removed months go as compressed files, which `cerberus replay` reads back; without it they are gone.',
    example: '/var/lib/cerberusmesh/archive',
    treat: 'path',
  }),
});
