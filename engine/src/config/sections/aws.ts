import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const aws = z.strictObject({
  accessKeyId: value.secret.nullable().default(null).register(settingNotes, {
    env: 'AWS_ACCESS_KEY_ID',
    help: "Key id for EC2 and CloudWatch Logs; without it the SDK's own chain, such as a role of the machine.",
    example: 'AKIA…',
    treat: 'secret',
  }),
  secretAccessKey: value.secret.nullable().default(null).register(settingNotes, {
    env: 'AWS_SECRET_ACCESS_KEY',
    help: 'The secret to that key id.',
    example: 'the 40 characters that AWS showed once',
    treat: 'secret',
  }),
  region: value.text.default('us-east-1').register(settingNotes, {
    env: 'AWS_DEFAULT_REGION',
    help: 'Region of EC2 and CloudWatch Logs.',
    example: 'us-east-1',
  }),
  endpointUrl: value.httpUrl.nullable().default(null).register(settingNotes, {
    env: 'AWS_ENDPOINT_URL',
    help: 'Another place that speaks AWS, such as a test server.',
    example: 'http://localhost:5000',
  }),
});
