import { z } from 'zod';
import { PersonaTemplate } from './persona.ts';

export const DecoyLimits = z.strictObject({
  sessionsMax: z.number().int().positive().default(1000),
  sessionsPerAddressMax: z.number().int().positive().default(50),
  graceSeconds: z.number().positive().default(120),
  idleSeconds: z.number().positive().default(300),
  sessionSeconds: z.number().positive().default(7200),
  outputBytesMax: z
    .number()
    .positive()
    .default(64 * 1024 * 1024),
  /** Of one connection, from him to us; then it is closed. */
  inputBytesMax: z
    .number()
    .positive()
    .default(64 * 1024 * 1024),
  worldBytesMax: z
    .number()
    .positive()
    .default(16 * 1024 * 1024),
  uploadBytesMax: z
    .number()
    .positive()
    .default(8 * 1024 * 1024),
  /** Of one run, all payloads together. */
  uploadsBytesMax: z
    .number()
    .positive()
    .default(512 * 1024 * 1024),
  worldDays: z.number().positive().default(30),
  workersMax: z.number().int().positive().default(4),
  workerMemoryMb: z.number().int().positive().default(192),
  /** A thread that is silent for so long while it works is killed, with the line it works on. */
  silentMs: z.number().positive().default(2500),
  /** PAM waits about two seconds after a wrong password; an answer at once would give a decoy away. */
  wrongPasswordMs: z.number().nonnegative().default(1900),
});
export type DecoyLimits = z.output<typeof DecoyLimits>;

/** Everything a decoy process is started with, on its standard input as one JSON object. */
export const DecoySettings = z.strictObject({
  /** Where host keys, worlds, uploads, recordings and the log lie. */
  folder: z.string(),
  sensor: z.string(),
  uuid: z.string(),
  host: z.string(),
  /** 0 takes any free port; null leaves the protocol out. */
  sshPort: z.number().int().min(0).max(65_535).nullable(),
  telnetPort: z.number().int().min(0).max(65_535).nullable(),
  httpPort: z.number().int().min(0).max(65_535).nullable(),
  /** The kind of machine; what it becomes follows from the seed, and is kept in the folder. */
  template: PersonaTemplate,
  seed: z.string(),
  limits: DecoyLimits.prefault({}),
  /** Networks of proxies that say by the PROXY protocol who their client is; nobody else is believed that. */
  proxies: z.array(z.object({ cidr: z.union([z.cidrv4(), z.cidrv6()]) })).default([]),
  /** Who keeps the worlds: files in the folder, or the engine over standard input and output. */
  worlds: z.enum(['files', 'engine']).default('files'),
  /** Whether a URL that a visitor names is fetched; never from a private network. */
  fetches: z.boolean().default(false),
});
export type DecoySettings = z.output<typeof DecoySettings>;

/** What is to appear in the world of an attacker, and stays there. Told on the decoy's standard input, a JSON line each. */
export const TrapOrder = z.strictObject({
  kind: z.literal('trap'),
  id: z.string().max(100),
  /** Whose world; null is every world that is open now. */
  address: z.string().max(100).nullable(),
  files: z
    .array(
      z.strictObject({
        path: z.string().startsWith('/').max(1000),
        content: z.base64().max(1024 * 1024),
        mode: z.number().int().min(0).max(0o7777),
        ageDays: z.number().min(0).max(10_000),
      }),
    )
    .min(1)
    .max(50),
});
export type TrapOrder = z.infer<typeof TrapOrder>;

/** Sessions end and worlds are kept, then the decoy is gone. */
export const StopOrder = z.strictObject({ kind: z.literal('stop') });

/** What a shell of that world showed of one file afterwards. */
const TrapSight = z.object({ path: z.string(), sha256: z.string(), sizeShown: z.number() });

/** What a decoy process says on its standard output, one JSON object a line. */
export const DecoyReport = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('up'),
    ports: z.object({ ssh: z.number().nullable(), telnet: z.number().nullable(), http: z.number().nullable() }),
    logPath: z.string(),
    hostname: z.string(),
  }),
  z.object({
    kind: z.literal('planted'),
    id: z.string(),
    worlds: z.number(),
    /** From the order to a file that a running session can read. */
    plantedMs: z.number(),
    /** As `cat` and `ls` in one of these worlds showed them. */
    sights: z.array(TrapSight),
  }),
  z.object({ kind: z.literal('failed'), why: z.string(), code: z.string().nullable() }),
]);
export type DecoyReport = z.infer<typeof DecoyReport>;

/** Where a decoy with this folder writes its log, in Cowrie's form. */
export function decoyLogPath(folder: string): string {
  return `${folder}/log/cowrie.json`;
}
