import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const decoy = z.strictObject({
  enabled: value.yesOrNo.default(true).register(settingNotes, {
    env: 'CERBERUS_DECOY',
    help: 'Whether our own decoy is started with everything else.',
    example: 'true',
  }),
  host: value.text.default('127.0.0.1').register(settingNotes, {
    env: 'CERBERUS_DECOY_HOST',
    help: 'Address on which the decoy waits for attackers.',
    example: '127.0.0.1',
  }),
  sshPort: value.wholeNumber(0, 65_535).default(2222).register(settingNotes, {
    env: 'CERBERUS_DECOY_SSH_PORT',
    help: 'Port of the SSH decoy; 0 takes any free one, and so does a port that is taken.',
    example: '2222',
  }),
  proxies: value.networks.clone().default([]).register(settingNotes, {
    env: 'CERBERUS_DECOY_PROXIES',
    help: "Networks of proxies before the decoys that tell the client's address by the PROXY protocol (1 or 2); each of theirs must.",
    example: '192.0.2.10/32',
  }),
  telnetPort: value.wholeNumber(0, 65_535).default(2323).register(settingNotes, {
    env: 'CERBERUS_DECOY_TELNET_PORT',
    help: 'Port of the Telnet decoy; the same rules.',
    example: '2323',
  }),
  httpPort: value.wholeNumber(0, 65_535).default(8088).register(settingNotes, {
    env: 'CERBERUS_DECOY_HTTP_PORT',
    help: 'Port of the HTTP decoy; the same rules.',
    example: '8088',
  }),
  persona: value.text.default('ubuntu-web').register(settingNotes, {
    env: 'CERBERUS_DECOY_PERSONA',
    help: 'The kind of machine that the decoy is: a file of policy/personas.',
    example: 'ubuntu-web',
  }),
  fetches: value.yesOrNo.default(false).register(settingNotes, {
    env: 'CERBERUS_DECOY_FETCHES',
    help: 'Whether files that visitors fetch by wget or curl are fetched and kept: never from private networks, 8 MB and 20 s at most, 30 a minute. It shows the address of this machine to whoever serves them.',
    example: 'false',
  }),
  worldDays: value.wholeNumber(1, 3650).default(30).register(settingNotes, {
    env: 'CERBERUS_DECOY_WORLD_DAYS',
    help: 'What an attacker left in the decoy is forgotten when he has not come for so many days.',
    example: '30',
  }),
  worldsMb: value.wholeNumber(16, 1_000_000).default(1024).register(settingNotes, {
    env: 'CERBERUS_DECOY_WORLDS_MB',
    help: 'Room in the database for what attackers left in the decoy; beyond it the longest unvisited is forgotten.',
    example: '1024',
  }),
});
