import { randomInt } from 'node:crypto';
import type { FileContent, FileSet } from '@cerberusmesh/contract/adaptation';
import { z } from 'zod';
import { sha256 } from '../hot-file.ts';
import { bannerPath, configPath, type Manifest } from '../manifest.ts';
import { personaConfigPath } from '../persona/current.ts';
import { readPersonas, textOf } from '../persona/description.ts';
import { lscpuText } from '../persona/dress.ts';
import type { PreparedCowrie } from '../prepared-cowrie.ts';
import type { Look } from '../probe.ts';
import { type Adaptation, contentOf, exchange } from './adaptation.ts';
import { bannerText } from './banner-change.ts';

/**
 * Makes another machine of it. The worlds lie ready since it was prepared, so all that changes is the configuration, in one
 * rename, and the banner; then Cowrie reads both. Whoever is here keeps the machine that he logged in to.
 */
export const personaChange: Adaptation = {
  name: 'PERSONA_CHANGE',
  does: 'Makes the honeypot another machine: name, system, kernel, processor, SSH versions and banner, all or nothing.',
  needs: ['a Cowrie made ready by `cerberus prepare`', 'our plugin in it, or a restart while nobody is there'],
  parameters: z.strictObject({ persona: z.string().optional() }),
  placeholders: async () => [],

  async check({ dir, manifest, explainUnreloadable }) {
    if (manifest.personas.length < 2) return `${dir} was prepared without personas; prepare it again`;
    return await explainUnreloadable();
  },

  async plan(parameters, cowrie) {
    const wanted = z.strictObject({ persona: z.string().optional() }).parse(parameters).persona;
    const chosen = choose(cowrie, wanted);
    const config = await cowrie.read(personaConfigPath(cowrie.manifest, chosen.id));
    const banner = bannerText('staff-only', { ...cowrie.manifest.persona, hostname: chosen.hostname });
    const [oldConfig, oldBanner] = await Promise.all([cowrie.read(configPath), cowrie.read(bannerPath)]);
    return {
      old: { files: [contentOf(configPath, oldConfig), contentOf(bannerPath, oldBanner)] },
      new: { files: [contentOf(configPath, config), contentOf(bannerPath, Buffer.from(banner))] },
      lures: [],
      details: { persona: chosen.id, hostname: chosen.hostname, before: cowrie.persona?.id ?? 'unknown' },
    };
  },

  async run({ old, new: wanted }, cowrie, signal) {
    const reload = await cowrie.whenReloadable(signal);
    const conflict = await exchange(old, wanted, cowrie, signal);
    if (conflict === undefined) await reload();
    return conflict;
  },

  async undo({ old, new: wanted }, cowrie, signal) {
    // Where nothing was changed, there is nothing to read again, nor a moment for that to wait for.
    if (await standsAlready(old, cowrie)) return undefined;
    const reload = await cowrie.whenReloadable(signal);
    const conflict = await exchange(wanted, old, cowrie, signal);
    if (conflict === undefined) await reload();
    return conflict;
  },

  looks: async ({ files }) => {
    const config = files.find(({ path }) => path === configPath);
    const banner = files.find(({ path }) => path === bannerPath);
    return [...(config ? await machineLooks(config) : []), ...(banner ? [lookAt(banner)] : [])];
  },
};

async function standsAlready({ files }: FileSet, cowrie: PreparedCowrie): Promise<boolean> {
  const standing = await Promise.all(files.map(async ({ path }) => sha256(await cowrie.read(path))));
  return files.every((file, index) => file.sha256 === standing[index]);
}

function choose(cowrie: PreparedCowrie, wanted: string | undefined): Manifest['personas'][number] {
  const others = cowrie.manifest.personas.filter(({ id }) => id !== cowrie.persona?.id);
  const chosen = wanted === undefined ? others[randomInt(others.length)] : others.find(({ id }) => id === wanted);
  if (chosen) return chosen;
  if (wanted === cowrie.persona?.id) throw new Error(`This honeypot is the machine ${wanted} already.`);
  throw new Error(`There is no machine "${wanted}" here, only ${others.map(({ id }) => id).join(', ')}.`);
}

/** What a visitor asks to tell one machine from another. */
async function machineLooks({ content }: FileContent): Promise<Look[]> {
  const text = Buffer.from(content, 'base64').toString('utf8');
  const value = (key: string) => new RegExp(`^${key} = (.*)$`, 'm').exec(text)?.[1] ?? '';
  const machines = await readPersonas();
  const machine = machines.find(
    ({ kernel, ssh }) => kernel.release === value('kernel_version') && text.includes(ssh.server),
  );
  if (!machine) return [];
  const hostname = value('hostname');
  const { release, build } = machine.kernel;
  return [
    { command: 'hostname', shows: hostname },
    { command: 'uname -a', shows: `Linux ${hostname} ${release} ${build} x86_64 GNU/Linux` },
    { command: 'cat /etc/hostname', shows: hostname },
    ...machine.files.map(({ path }) => ({ command: `cat ${path}`, shows: textOf(machine, path) })),
    { command: 'lscpu', shows: lscpuText(machine) },
    { command: 'ssh -V', shows: machine.ssh.client },
  ];
}

function lookAt({ path, content }: FileContent): Look {
  return { path, content: Buffer.from(content, 'base64').toString('utf8') };
}
