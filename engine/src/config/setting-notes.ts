import { z } from 'zod';

/** What is known of a setting besides its type. */
export interface SettingNotes {
  /** The environment variable that sets it. */
  readonly env: string;
  readonly help: string;
  /** A value that works, for the message about one that does not. */
  readonly example: string;
  /** `path`: relative ones start at the INI file's folder, or at the working directory. `secret`: may be a file or sealed. */
  readonly treat?: 'path' | 'secret';
  /** Only by environment: a key must not lie beside what it locks. */
  readonly environmentOnly?: true;
}

/** One schema object each: notes of a second setting on the same object would replace the first's, hence `clone`. */
export const settingNotes = z.registry<SettingNotes>();
