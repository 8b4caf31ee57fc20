import type { AdaptationType } from '@cerberusmesh/contract/decision';
import type { Adaptation } from './adaptation.ts';
import { awsCredentials } from './aws-credentials.ts';
import { backupScript } from './backup-script.ts';
import { bannerChange } from './banner-change.ts';
import { databaseConfig } from './database-config.ts';
import { sshKeys } from './ssh-keys.ts';

/** Every adaptation that a decision may name; a missing one does not compile. */
export const adaptations: Readonly<Record<AdaptationType, Adaptation>> = {
  BANNER_CHANGE: bannerChange,
  AWS_CREDENTIALS: awsCredentials,
  DATABASE_CONFIG: databaseConfig,
  SSH_KEYS: sshKeys,
  BACKUP_SCRIPT: backupScript,
};
