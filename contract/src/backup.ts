import { z } from 'zod';

/** What a backup says of itself in clear, before anything of it is opened. */
export const BackupManifest = z.object({
  program: z.string(),
  createdAt: z.iso.datetime(),
  /** Of PostgreSQL, as it counts: 130005 is 13.5. */
  serverVersion: z.number().int(),
  /** The migrations that the database had, in order. */
  migrations: z.array(z.object({ version: z.number().int(), name: z.string(), checksum: z.string() })).min(1),
  /** Months of events that had a partition, as `2026-11`. */
  months: z.array(z.string().regex(/^\d{4}-\d{2}$/)),
  /** Where the state folder was: paths in the database that begin so are put right. */
  stateDir: z.string(),
  /** `master`: sealed under CERBERUS_MASTER_KEY; `file`: under a key that was written beside the backup. */
  key: z.enum(['master', 'file']),
  /** Base64url; the key of the pieces is drawn from the other one with it. */
  salt: z.string().regex(/^[\w-]{22,}$/),
});
export type BackupManifest = Readonly<z.infer<typeof BackupManifest>>;

/** The last piece: what came before it. A backup without it was cut off. */
export const BackupEnd = z.object({
  /** Rows by table, in the order in which they can be loaded. */
  tables: z.record(z.string(), z.number().int()),
  files: z.number().int(),
  /** Before they were compressed. */
  bytes: z.number().int(),
});
export type BackupEnd = Readonly<z.infer<typeof BackupEnd>>;
