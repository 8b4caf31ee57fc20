import { z } from 'zod';
import { defineAdaptation } from './adaptation.ts';
import { password } from './secrets.ts';

const path = '/opt/billing/config/database.conf';
const reference = '$' + '{DB_PASSWORD}';

/** The password has as many characters as the reference that stood there before. */
export const databaseConfig = defineAdaptation({
  name: 'DATABASE_CONFIG',
  does: 'Writes a unique database password into the configuration of an application.',
  parameters: z.strictObject({}),
  async placeholders() {
    return [{ path, mode: 0o640, ageDays: 33, content: configText(reference) }];
  },
  async draft() {
    const secret = password(reference.length);
    return {
      texts: [{ path, text: configText(secret) }],
      lures: [{ kind: 'database_password', path, secret }],
      details: { path, user: 'billing_rw', host: 'db-01.internal' },
    };
  },
});

function configText(secret: string): string {
  return `# billing-api, production
[database]
driver   = postgresql
host     = db-01.internal
port     = 5432
name     = billing
user     = billing_rw
password = ${secret}
sslmode  = require

[pool]
min = 2
max = 20
`;
}
