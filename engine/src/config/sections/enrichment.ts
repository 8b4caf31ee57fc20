import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const enrichment = z.strictObject({
  ownNetworks: value.networks.default([]).register(settingNotes, {
    env: 'CERBERUS_OWN_NETWORKS',
    help: 'Your own networks with names, so that an attacker from inside is called that; by commas.',
    example: 'office=198.51.100.0/24, lab=2001:db8:5::/48',
  }),
  cityDatabase: value.path.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_CITY_DATABASE',
    help: 'A MaxMind DB file with cities that you have a licence for; without it countries are told, and no cities.',
    example: '/var/lib/GeoIP/GeoLite2-City.mmdb',
    treat: 'path',
  }),
});
