import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const agent = z.strictObject({
  threshold: value.share.default(0.7).register(settingNotes, {
    env: 'CERBERUS_THRESHOLD',
    help: 'Confidence from 0 to 1 that an automatic action needs.',
    example: '0.7',
  }),
  autoAction: value.yesOrNo.default(true).register(settingNotes, {
    env: 'CERBERUS_AUTO_ACTION',
    help: 'Whether decisions are carried out, or only recorded.',
    example: 'true',
  }),
  maxEvents: value.wholeNumber(1, 1000).default(100).register(settingNotes, {
    env: 'CERBERUS_MAX_EVENTS',
    help: 'Events that GET /events gives when no limit is asked for; at most 1000.',
    example: '100',
  }),
  killSwitch: value.yesOrNo.clone().default(false).register(settingNotes, {
    env: 'CERBERUS_KILL_SWITCH',
    help: 'Do nothing at all by itself; `cerberus kill-switch on` also undoes what stands.',
    example: 'false',
  }),
  policyFile: value.path.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_POLICY_FILE',
    help: 'Your own decision policy; by default policy/decisions/default.json. `cerberus policy check FILE` checks one.',
    example: '/etc/cerberusmesh/policy.json',
    treat: 'path',
  }),
  controlShare: value.share.clone().default(0.1).register(settingNotes, {
    env: 'CERBERUS_CONTROL_SHARE',
    help: 'Share of attackers, from 0 to 1, that get no adaptation, so that its effect can be told. Loopback is not among them.',
    example: '0.1',
  }),
  dryRun: value.yesOrNo.default(false).register(settingNotes, {
    env: 'CERBERUS_DRY_RUN',
    help: 'Record what would be done and touch nothing; the same as --dry-run.',
    example: 'false',
  }),
});
