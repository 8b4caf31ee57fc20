import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const reputation = z.strictObject({
  abuseIpdbKey: value.secret.nullable().default(null).register(settingNotes, {
    env: 'ABUSEIPDB_API_KEY',
    help: "Key for AbuseIPDB; without it nothing is asked there. Attackers' addresses are sent to it.",
    example: 'the key of your AbuseIPDB account',
    treat: 'secret',
  }),
  greyNoiseKey: value.secret.clone().nullable().default(null).register(settingNotes, {
    env: 'GREYNOISE_API_KEY',
    help: "Key for GreyNoise's community API; without it nothing is asked there.",
    example: 'the key of your GreyNoise account',
    treat: 'secret',
  }),
  listUrl: value.httpUrl.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_ADDRESS_LIST_URL',
    help: 'A list of bad addresses and networks, one a line, fetched whole every six hours.',
    example: 'https://lists.example.org/bad-addresses.txt',
  }),
  virusTotalKey: value.secret.clone().nullable().default(null).register(settingNotes, {
    env: 'VIRUSTOTAL_API_KEY',
    help: "Key for VirusTotal; without it nothing is asked there. Hashes of attackers' files are sent to it, never the files.",
    example: 'the key of your VirusTotal account',
    treat: 'secret',
  }),
  hashListUrl: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_HASH_LIST_URL',
    help: 'A list of SHA-256 of bad files, one a line, fetched whole every six hours.',
    example: 'https://lists.example.org/bad-files.txt',
  }),
  dailyMax: value.wholeNumber(1, 1_000_000).default(500).register(settingNotes, {
    env: 'CERBERUS_REPUTATION_DAILY_MAX',
    help: 'Questions to each provider in a day (UTC); counted in the database, so a restart does not forget.',
    example: '500',
  }),
});
