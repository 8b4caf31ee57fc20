import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const firewall = z.strictObject({
  hosts: value.firewallHosts.default([]).register(settingNotes, {
    env: 'CERBERUS_LOCK_DOWN_HOSTS',
    help: 'Hosts whose nftables block what is locked down: local, or user@host:port#SHA256:… by commas. Empty: only the feed.',
    example: 'local, root@192.0.2.10:22#SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
  }),
  key: value.secret.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_LOCK_DOWN_KEY',
    help: 'The private SSH key for those hosts.',
    example: 'the text of an OpenSSH private key',
    treat: 'secret',
  }),
  command: value.text.clone().default('nft').register(settingNotes, {
    env: 'CERBERUS_LOCK_DOWN_COMMAND',
    help: 'How nft is called there.',
    example: 'sudo -n nft',
  }),
});
