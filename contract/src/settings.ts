import { z } from 'zod';

const megabytes = z.number().int().min(64).max(1_000_000_000).nullable();

/** What may be changed while the engine runs, under the names of the two seeds' environment variables. */
export const Settings = z.strictObject({
  ENABLE_AUTO_ADAPTATION: z.boolean().describe('Carry out adaptations by ourselves'),
  CERBERUS_AUTO_ACTION: z.boolean().describe('Carry out other actions by ourselves'),
  CERBERUS_KILL_SWITCH: z.boolean().describe('Do nothing at all by ourselves, whatever the rules say'),
  HIGH_SEVERITY_THRESHOLD: z.number().min(0).max(1).describe('Threat score from which an event triggers an adaptation'),
  CERBERUS_THRESHOLD: z.number().min(0).max(1).describe('Confidence from which a decision may act'),
  ADAPTATION_COOLDOWN_SECONDS: z.number().int().min(0).max(86_400).describe('Rest between two adaptations of a sensor'),
  CERBERUS_RETENTION_DAYS: z
    .number()
    .int()
    .min(1)
    .max(36_500)
    .nullable()
    .describe('Days after which months of events go; null: never'),
  CERBERUS_RETENTION_MB: megabytes.describe('Megabytes of events beyond which the oldest months go; null: no bound'),
  CERBERUS_DISK_FREE_MB: megabytes.describe("Megabytes that stay free on the database's disk; null: not looked at"),
});
export type Settings = Readonly<z.infer<typeof Settings>>;
export type SettingName = keyof Settings;

export const settingNames = Settings.keyof().options;

/** The seeds' defaults. */
export const defaultSettings: Settings = {
  ENABLE_AUTO_ADAPTATION: true,
  CERBERUS_AUTO_ACTION: true,
  CERBERUS_KILL_SWITCH: false,
  HIGH_SEVERITY_THRESHOLD: 0.7,
  CERBERUS_THRESHOLD: 0.7,
  ADAPTATION_COOLDOWN_SECONDS: 300,
  CERBERUS_RETENTION_DAYS: null,
  CERBERUS_RETENTION_MB: null,
  CERBERUS_DISK_FREE_MB: null,
};

export const SettingChange = z.object({
  name: Settings.keyof(),
  value: z.unknown(),
  configured: z
    .unknown()
    .describe('What the environment or the configuration file says, which holds again after a DELETE'),
  changed_at: z.string(),
  changed_by: z.string(),
});
export type SettingChange = Readonly<z.infer<typeof SettingChange>>;
/** Settings that somebody changed while the engine ran: what he said wins over the configuration. */
export const SettingChanges = z.object({ data: z.array(SettingChange), next_cursor: z.null() });

export const SettingParams = z.object({ name: Settings.keyof() });

export const SettingsPatch = Settings.partial().refine(
  (patch) => Object.keys(patch).length > 0,
  `name at least one of ${settingNames.join(', ')}`,
);
export type SettingsPatch = Readonly<z.infer<typeof SettingsPatch>>;
