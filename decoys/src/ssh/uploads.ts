import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionEvents } from '../events/session-events.ts';

/** Keeps what attackers bring, by its hash, so that the same payload is kept once. */
export interface Uploads {
  readonly keep: (bytes: Uint8Array) => { shasum: string; outfile: string; duplicate: boolean };
}

/** Keeps what visitors bring by its hash, never executable, `bytesMax` in all. */
export function createUploads(folder: string, bytesMax: number): Uploads {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let bytesKept = 0;
  return {
    keep(bytes) {
      const shasum = createHash('sha256').update(bytes).digest('hex');
      const outfile = `downloads/${shasum}`;
      const path = join(folder, shasum);
      const duplicate = existsSync(path);
      // A disk that is full of payloads helps nobody: the hash is told in any case.
      if (!duplicate && bytesKept + bytes.length <= bytesMax) {
        // Never executable, whatever the visitor set.
        writeFileSync(path, bytes, { mode: 0o400 });
        bytesKept += bytes.length;
      }
      return { shasum, outfile, duplicate };
    },
  };
}

/** As Cowrie tells of an upload. */
export function tellUpload(
  events: SessionEvents,
  kept: ReturnType<Uploads['keep']>,
  filename: string,
  more: object = {},
): void {
  events.tell(
    'cowrie.session.file_upload',
    { filename, outfile: kept.outfile, shasum: kept.shasum, duplicate: kept.duplicate, ...more },
    `Uploaded file "${filename}" to ${kept.outfile}`,
  );
}
