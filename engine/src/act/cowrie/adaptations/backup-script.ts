import { z } from 'zod';
import { defineAdaptation } from './adaptation.ts';
import { password } from './secrets.ts';

const path = '/root/backup.sh';
const reference = '$BACKUP_DB_PASS';

/** As in the database configuration: the password takes the place of a reference of the same length. */
export const backupScript = defineAdaptation({
  name: 'BACKUP_SCRIPT',
  does: 'Writes a unique password of a backup server into /root/backup.sh.',
  parameters: z.strictObject({}),
  async placeholders() {
    return [{ path, mode: 0o700, ageDays: 212, content: scriptText(reference) }];
  },
  async draft() {
    const secret = password(reference.length);
    return {
      texts: [{ path, text: scriptText(secret) }],
      lures: [{ kind: 'backup_password', path, secret }],
      details: { path, user: 'backup_ro', host: 'db-02.internal' },
    };
  },
});

/** Only words that Cowrie's shell can run, so that a visitor who starts the script sees it fail as a real one would. */
function scriptText(secret: string): string {
  return `#!/bin/bash
# Nightly dump of the billing database, started by cron at 02:30.
STAMP=$(date +%F)
DUMP=/var/backups/billing-$STAMP.dump
export PGPASSWORD=${secret}
pg_dump -Fc -h db-02.internal -U backup_ro -f $DUMP billing
rsync -a $DUMP backup@nas-01.internal:/volume1/dumps/
`;
}
