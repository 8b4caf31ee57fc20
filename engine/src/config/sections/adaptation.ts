import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const adaptation = z.strictObject({
  enabled: value.yesOrNo.default(true).register(settingNotes, {
    env: 'ENABLE_AUTO_ADAPTATION',
    help: 'Whether a prepared Cowrie is changed by itself; one that was not prepared never is.',
    example: 'true',
  }),
  highSeverityThreshold: value.share.default(0.7).register(settingNotes, {
    env: 'HIGH_SEVERITY_THRESHOLD',
    help: 'Threat score from 0 to 1 that a HIGH event needs to change a honeypot.',
    example: '0.7',
  }),
  cooldownSeconds: value.wholeNumber(0, 86_400).default(300).register(settingNotes, {
    env: 'ADAPTATION_COOLDOWN_SECONDS',
    help: 'Seconds between two adaptations of the same honeypot.',
    example: '300',
  }),
});
