import { z } from 'zod';
import { queryText } from './api.ts';

/** The password of every archive: the custom of those who exchange malware, so that nothing opens or runs by accident. */
export const archivePassword = 'infected';

export const ArtifactState = z
  .enum(['waiting', 'kept', 'dropped', 'missing', 'too_large', 'refused', 'elsewhere'])
  .describe(
    'waiting: not brought in yet; dropped: was kept, and room was needed; missing, too_large, refused: see why; elsewhere: the sensor keeps it',
  );

export const ArtifactRecord = z.object({
  /** Null until it was brought in. */
  sha256: z.string().nullable(),
  named_sha256: z.string().describe('What the honeypot calls it'),
  kind: z.enum(['recording', 'download', 'upload']),
  size_bytes: z.number().nullable(),
  name: z.string().describe('The URL, file name or path that the honeypot told'),
  state: ArtifactState,
  why: z.string().nullable(),
  event_id: z.string(),
  seen_at: z.string(),
  first_seen: z.string().describe('Of the same content, in any session'),
  sessions: z.number().describe('Sessions that had the same content'),
  verdicts: z
    .array(z.object({ provider: z.string(), score: z.number().nullable(), says: z.string() }))
    .describe('What providers say of a file by its hash: 0 harmless to 1 known bad, null where they know nothing'),
  is_repeat: z
    .boolean()
    .describe('The honeypot had it already: of a recording, the output is that of an earlier session'),
});
export type ArtifactRecord = Readonly<z.infer<typeof ArtifactRecord>>;
export const ArtifactList = z.object({ data: z.array(ArtifactRecord), next_cursor: z.null() });

export const ArtifactSessionQuery = z.strictObject({
  /** Two sensors may give the same session id; the newest is meant unless this is set. */
  sensor: queryText(255).optional(),
});
export const ArtifactHash = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits') });
