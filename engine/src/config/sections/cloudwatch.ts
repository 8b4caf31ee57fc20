import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const cloudwatch = z.strictObject({
  groups: value.names.default([]).register(settingNotes, {
    env: 'CERBERUS_CLOUDWATCH_GROUPS',
    help: 'Log groups of CloudWatch Logs that are followed, by commas; one of CloudTrail tells of planted AWS keys.',
    example: '/honeypot/cowrie, aws-cloudtrail-logs',
  }),
  filter: value.text.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_CLOUDWATCH_FILTER',
    help: "A filter pattern in CloudWatch's language, for all of them.",
    example: '{ $.userIdentity.accessKeyId = "AKIA*" }',
  }),
  pollSeconds: value.wholeNumber(1, 3600).default(10).register(settingNotes, {
    env: 'CERBERUS_CLOUDWATCH_POLL_SECONDS',
    help: 'Seconds between two looks.',
    example: '10',
  }),
  overlapSeconds: value.wholeNumber(0, 86_400).default(300).register(settingNotes, {
    env: 'CERBERUS_CLOUDWATCH_OVERLAP_SECONDS',
    help: 'How far a look goes back before the last one, for events that AWS shows late.',
    example: '300',
  }),
});
