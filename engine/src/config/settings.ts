import { ConfigSchema } from './schema.ts';
import { type SettingNotes, settingNotes } from './setting-notes.ts';

export interface Setting extends SettingNotes {
  readonly section: string;
  /** As in `Config`: `corsOrigin`. */
  readonly key: string;
  /** As in config.ini: `cors_origin`. */
  readonly iniKey: string;
}

/** Every setting of the schema, flat and in its order. */
export const allSettings: readonly Setting[] = Object.entries(ConfigSchema.shape).flatMap(([section, group]) =>
  Object.entries(group.shape).map(([key, schema]) => {
    const notes = settingNotes.get(schema);
    if (notes === undefined)
      throw new Error(`The setting ${section}.${key} has no notes; register them in its section.`);
    return { ...notes, section, key, iniKey: key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) };
  }),
);

/** The name by which code asks for a setting: `section.key`. */
export function settingPath({ section, key }: Pick<Setting, 'section' | 'key'>): string {
  return `${section}.${key}`;
}

/** For our own names: throws where the schema has no such setting. */
export function getSetting(path: string): Setting {
  const setting = allSettings.find((candidate) => settingPath(candidate) === path);
  if (setting === undefined) throw new Error(`There is no setting ${path} in the schema.`);
  return setting;
}
