import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { groupsOf } from '../src/persona/accounts.ts';
import { buildImage } from '../src/persona/build-image.ts';
import { checkPersona } from '../src/persona/check-persona.ts';
import { generatePersona } from '../src/persona/generate.ts';
import { unitPath } from '../src/persona/unit-files.ts';
import { createLayer } from '../src/world/layer.ts';
import { createWorld } from '../src/world/world.ts';
import { readPersona } from './support/decoy.ts';

const folder = join(import.meta.dirname, '..', '..', 'policy', 'personas');
const names = readdirSync(folder).map((name) => name.replace(/\.json$/, ''));
const now = new Date('2026-11-22T00:00:00Z');
const root = { uid: 0, gid: 0 };

it.each(names)('%s does not contradict itself, whatever the seed', (name) => {
  const template = readPersona(name);
  expect(template.id).toBe(name);
  for (let seed = 0; seed < 40; seed++) expect(checkPersona(generatePersona(template, String(seed), now))).toEqual([]);
});

it.each(names)('two installs of %s differ in what an attacker compares', (name) => {
  const template = readPersona(name);
  const tells = Array.from({ length: 60 }, (_, seed) => {
    const { machineId, network, memoryKb, bootedAtMs } = generatePersona(template, `seed ${seed}`, now);
    return [machineId, network.mac, `${network.address} ${memoryKb} ${bootedAtMs}`];
  });
  for (const index of [0, 1, 2]) expect(new Set(tells.map((tell) => tell[index])).size).toBe(60);
});

it.each(names)('%s says one thing everywhere: files, /proc and accounts', (name) => {
  const persona = generatePersona(readPersona(name), 'one', now);
  const world = createWorld({
    image: buildImage(persona, () => now.getTime()),
    layer: createLayer(),
    now: () => now.getTime(),
    bytesMax: 1e6,
  });
  const read = (path: string) => Buffer.from(world.read(path, root)).toString('utf8');
  expect(read('/etc/hostname')).toBe(`${persona.hostname}\n`);
  expect(read('/etc/hosts')).toContain(persona.hostname);
  expect(read('/proc/version')).toContain(persona.kernel.release);
  expect(read('/proc/version').toLowerCase()).toContain(persona.os.id);
  expect(read('/proc/cpuinfo').match(/^processor/gm)).toHaveLength(persona.cpu.cores);
  expect(read('/proc/meminfo')).toContain(String(persona.memoryKb));
  expect(read('/etc/shadow').split('\n').length).toBe(read('/etc/passwd').split('\n').length);
  for (const user of persona.users) expect(world.find(`${user.home}/.bashrc`)?.uid).toBe(user.uid);
});

it.each(names.filter((name) => readPersona(name).os.family !== 'busybox'))(
  '%s has the files of what runs there: its units, and the programs that they start',
  (name) => {
    const persona = generatePersona(readPersona(name), 'one', now);
    const image = buildImage(persona, () => now.getTime());
    for (const service of persona.services) {
      const unit = image.find(`/usr${unitPath(service.name)}`);
      const text = unit?.kind === 'file' ? Buffer.from(unit.bytes).toString('utf8') : '';
      expect(text).toContain('[Unit]\nDescription=');
      const [, started = ''] = /^ExecStart=[^/\s]*(\S+)/m.exec(text) ?? [];
      if (started === '/usr/bin/python3' || started === '/bin/true') continue;
      expect(image.find(started.replace(/^\/(?=lib)/, '/usr/'))?.kind).toBe('made');
    }
  },
);

it('the folder of private keys is open to the group that PostgreSQL brings, and else to nobody', () => {
  const modeOf = (name: string) => {
    const persona = generatePersona(readPersona(name), 'one', now);
    const folder = buildImage(persona, () => now.getTime()).find('/etc/ssl/private');
    return [folder?.mode, groupsOf(persona).get('ssl-cert')];
  };
  expect(modeOf('debian-database')).toEqual([0o710, 113]);
  expect(modeOf('ubuntu-web')).toEqual([0o700, undefined]);
});
