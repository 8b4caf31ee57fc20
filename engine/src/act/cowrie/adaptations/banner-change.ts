import { randomInt } from 'node:crypto';
import { BannerRole } from '@cerberusmesh/contract/insert-trap';
import { z } from 'zod';
import { bannerPath, type Persona } from '../manifest.ts';
import { defineAdaptation } from './adaptation.ts';

/** Cowrie reads this file for every SSH connection; its telnet banner only once, at its start. */
export const bannerChange = defineAdaptation({
  name: 'BANNER_CHANGE',
  does: 'Gives the host another role in the banner before the SSH login (telnet shows it after a restart).',
  parameters: z.strictObject({ banner: BannerRole.optional() }),
  async placeholders(persona) {
    return [{ path: bannerPath, mode: 0o644, ageDays: 140, content: bannerText('staff-only', persona) }];
  },
  async draft({ banner }, cowrie) {
    const { persona } = cowrie.manifest;
    const standing = (await cowrie.read(bannerPath)).toString('utf8');
    const others = BannerRole.options.filter((role) => bannerText(role, persona) !== standing);
    const chosen = banner ?? others[randomInt(others.length)] ?? 'staff-only';
    return {
      texts: [{ path: bannerPath, text: bannerText(chosen, persona) }],
      lures: [],
      details: { path: bannerPath, banner: chosen },
    };
  },
});

/** All speak of the same host and system as the rest of the persona; only the role differs. */
const roleLines: Record<BannerRole, (persona: Persona) => readonly string[]> = {
  'staff-only': ({ hostname }) => [
    hostname,
    'This system is for authorised users only.',
    'Activity is recorded. Disconnect now if you are not one of them.',
  ],
  payments: ({ hostname }) => [
    `${hostname} - payment gateway, production`,
    'Cardholder data environment. Change freeze until further notice.',
    'Access without a ticket is reported to the security office.',
  ],
  backup: ({ hostname }) => [
    `${hostname} - backup and archive`,
    'Holds the nightly dumps of all production databases.',
    'Do not reboot while a job runs. On call: operations desk.',
  ],
  database: ({ hostname }) => [
    `${hostname} - PostgreSQL primary, cluster billing`,
    'Managed by configuration: local changes are lost.',
    'Maintenance window: Sunday 02:00 to 04:00 UTC.',
  ],
  build: ({ hostname }) => [
    `${hostname} - build and deployment agent`,
    'Signing keys on this host. Interactive logins need approval.',
    'Questions: platform team.',
  ],
};

const widthColumns = 74;
const heightLines = 7;

/** A box: whatever it says, it has width times height bytes, so the size that `ls` shows stays true. */
export function bannerText(role: BannerRole, persona: Persona): string {
  const edge = '*'.repeat(widthColumns);
  const lines = ['', ...roleLines[role](persona)];
  while (lines.length < heightLines - 2) lines.push('');
  const inside = lines.map((line) => `* ${line.slice(0, widthColumns - 4).padEnd(widthColumns - 4)} *`);
  return `${[edge, ...inside, edge].join('\n')}\n`;
}
