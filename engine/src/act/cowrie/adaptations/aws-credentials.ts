import { z } from 'zod';
import { defineAdaptation } from './adaptation.ts';
import { awsAccessKeyId, awsSecretAccessKey } from './secrets.ts';

const path = '/root/.aws/credentials';

/** Every id has 20 characters and every secret 40, so a file with one key always has the size of the note before it. */
export const awsCredentials = defineAdaptation({
  name: 'AWS_CREDENTIALS',
  does: 'Puts a unique pair of AWS keys into /root/.aws/credentials.',
  parameters: z.strictObject({}),
  async placeholders() {
    return [{ path, mode: 0o600, ageDays: 61, content: note }];
  },
  async draft() {
    const id = awsAccessKeyId();
    const secret = awsSecretAccessKey();
    const text = `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
    return {
      texts: [{ path, text }],
      lures: [
        { kind: 'aws_access_key', path, secret: id },
        { kind: 'aws_access_key', path, secret },
      ],
      details: { path, access_key_id: id },
    };
  },
});

const note = `# Static keys are gone since the audit (OPS-12114).
# Use "aws sso login --profile ops", see config in this folder.
`;
