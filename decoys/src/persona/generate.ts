import type { Persona, PersonaTemplate, PersonaUser } from '@cerberusmesh/contract/persona';
import { type Chance, createChance } from './chance.ts';

const towns = [
  'berlin',
  'lyon',
  'porto',
  'delft',
  'gdansk',
  'turin',
  'graz',
  'bergen',
  'malmo',
  'leeds',
  'ghent',
  'brno',
];
const dayMs = 86_400_000;

/** One machine of this kind. The same seed gives the same machine; another seed another one in every detail that shows. */
export function generatePersona(template: PersonaTemplate, seed: string, now: Date): Persona {
  const chance = createChance(`${seed}/${template.id}`);
  const hostname = fill(chance.pick(template.hostnames), wordsFor(chance));
  const address = fill(chance.pick(template.network.ranges), wordsFor(chance));
  const kernel = chance.pick(template.kernels);
  const cores = chance.pick(template.cores);
  const secret = chance.hex(18);
  const known = { hostname: hostname.split('.')[0] ?? hostname, address, secret };
  const installedDaysAgo = chance.between(120, 700);
  return {
    id: template.id,
    seed,
    hostname: known.hostname,
    os: template.os,
    kernel: { ...kernel, machine: template.machine },
    cpu: { ...chance.pick(template.cpus), cores },
    memoryKb: chance.pick(template.memoryMb) * 1024 + chance.between(0, 900) * 4,
    diskKb: chance.pick(template.diskGb) * 1024 * 1000 - chance.between(100_000, 900_000),
    network: {
      device: template.network.device,
      address,
      prefix: 24,
      gateway: address.replace(/\d+$/, '1'),
      mac: `52:54:00:${pairs(chance.hex(6))}`,
    },
    bootedAtMs: now.getTime() - chance.between(9, 110) * dayMs - chance.between(0, dayMs),
    installedAtMs: now.getTime() - installedDaysAgo * dayMs - chance.between(0, dayMs),
    machineId: chance.hex(32),
    timeZone: 'UTC',
    users: usersOf(template, chance),
    services: template.services,
    packages: template.packages,
    files: Object.fromEntries(
      Object.entries(template.files).map(([path, file]) => [path, { ...file, text: fill(file.text, known) }]),
    ),
    motd: template.motd,
    ssh: { ...template.ssh, ident: chance.pick(template.ssh.idents) },
    bashVersion: template.bashVersion,
    passwords: template.passwords,
  };
}

/** Replaces `{name}` by what is known; a name that is not known stays as it is. */
export function fill(text: string, known: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(known, name) ? (known[name] ?? whole) : whole,
  );
}

function wordsFor(chance: Chance): Record<string, string> {
  return {
    n: String(chance.between(1, 48)).padStart(2, '0'),
    town: chance.pick(towns),
    hex: chance.hex(8),
    b: String(chance.between(2, 240)),
    h: String(chance.between(10, 240)),
  };
}

function usersOf({ people, peopleCount }: PersonaTemplate, chance: Chance): PersonaUser[] {
  const names = new Set<string>();
  const wanted = Math.min(chance.pick(peopleCount), people.length);
  while (names.size < wanted) names.add(chance.pick(people));
  return [...names].map((name, index) => ({
    name,
    uid: 1000 + index,
    gid: 1000 + index,
    home: `/home/${name}`,
    shell: '/bin/bash',
    gecos: name === 'ubuntu' ? 'Ubuntu' : ',,,',
    isPerson: true,
  }));
}

function pairs(hex: string): string {
  return hex.match(/../g)?.join(':') ?? hex;
}
