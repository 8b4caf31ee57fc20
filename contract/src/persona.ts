import { z } from 'zod';

const User = z.object({
  name: z.string(),
  uid: z.number(),
  gid: z.number(),
  home: z.string(),
  shell: z.string(),
  gecos: z.string(),
  /** Passwords that open the account; an empty list opens it to every password the policy lets in. */
  isPerson: z.boolean(),
});

const Service = z.object({
  name: z.string(),
  description: z.string(),
  command: z.string(),
  user: z.string(),
  ports: z.array(z.object({ port: z.number(), protocol: z.enum(['tcp', 'udp']), address: z.string() })),
  memoryKb: z.number(),
});

/** One machine that we pretend to be, with every detail decided. Plain values: it crosses threads and is written down. */
export const Persona = z.object({
  id: z.string(),
  seed: z.string(),
  hostname: z.string(),
  os: z.object({
    family: z.enum(['debian', 'busybox']),
    id: z.string(),
    name: z.string(),
    version: z.string(),
    versionId: z.string(),
    codename: z.string(),
    prettyName: z.string(),
  }),
  kernel: z.object({ release: z.string(), build: z.string(), machine: z.string() }),
  cpu: z.object({
    model: z.string(),
    vendor: z.string(),
    cores: z.number(),
    mhz: z.number(),
    family: z.number(),
    modelNumber: z.number(),
  }),
  memoryKb: z.number(),
  diskKb: z.number(),
  network: z.object({
    device: z.string(),
    address: z.string(),
    prefix: z.number(),
    gateway: z.string(),
    mac: z.string(),
  }),
  bootedAtMs: z.number(),
  installedAtMs: z.number(),
  machineId: z.string(),
  timeZone: z.string(),
  users: z.array(User),
  services: z.array(Service),
  packages: z.array(z.string()),
  /** Files of this kind of machine, by path; a mode in octal, text as it is. */
  files: z.record(z.string(), z.object({ text: z.string(), mode: z.string(), owner: z.string() })),
  motd: z.string(),
  ssh: z.object({
    ident: z.string(),
    kex: z.array(z.string()),
    ciphers: z.array(z.string()),
    macs: z.array(z.string()),
    hostKeys: z.array(z.enum(['rsa', 'ecdsa', 'ed25519'])),
  }),
  bashVersion: z.string(),
  passwords: z.object({
    /** user → passwords that are accepted; `*` stands for any. */
    accepted: z.record(z.string(), z.array(z.string())),
    refused: z.array(z.string()),
  }),
});
export type Persona = Readonly<z.infer<typeof Persona>>;
export type PersonaUser = z.infer<typeof User>;

const Shape = Persona.shape;

/** A kind of machine, as it stands in policy/personas: what is fixed, and what each install picks for itself. */
export const PersonaTemplate = z.strictObject({
  id: z.string(),
  description: z.string(),
  os: Shape.os,
  kernels: z.array(z.object({ release: z.string(), build: z.string() })).min(1),
  machine: z.string(),
  cpus: z.array(Shape.cpu.omit({ cores: true })).min(1),
  cores: z.array(z.number()).min(1),
  memoryMb: z.array(z.number()).min(1),
  diskGb: z.array(z.number()).min(1),
  /** `{n}` a number, `{town}` a place, `{hex}` hexadecimal digits. */
  hostnames: z.array(z.string()).min(1),
  people: z.array(z.string()),
  peopleCount: z.array(z.number()).min(1),
  network: z.object({ device: z.string(), ranges: z.array(z.string()).min(1) }),
  services: Shape.services,
  packages: Shape.packages,
  /** Text may hold `{hostname}`, `{secret}` and `{address}`. */
  files: Shape.files,
  motd: Shape.motd,
  ssh: Shape.ssh.omit({ ident: true }).extend({ idents: z.array(z.string()).min(1) }),
  bashVersion: Shape.bashVersion,
  passwords: Shape.passwords,
});
export type PersonaTemplate = z.infer<typeof PersonaTemplate>;
