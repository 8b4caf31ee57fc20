import type { ActionKind } from '@cerberusmesh/contract/action';
import type { AdaptationType } from '@cerberusmesh/contract/decision';

const adaptations: Readonly<Record<AdaptationType, string>> = {
  BANNER_CHANGE: 'another banner',
  AWS_CREDENTIALS: 'fake AWS credentials',
  DATABASE_CONFIG: 'a fake database configuration',
  SSH_KEYS: 'fake SSH keys',
  BACKUP_SCRIPT: 'a fake backup script',
  SSH_CONFIG: 'a fake SSH configuration',
  DOCKER_CONFIG: 'fake Docker credentials',
  KUBE_CONFIG: 'a fake Kubernetes configuration',
  GIT_CREDENTIALS: 'fake Git credentials',
  ENV_FILE: 'a fake .env file',
  DATABASE_CLIENT: 'a fake database login',
  TERRAFORM_STATE: 'a fake Terraform state',
  CRYPTO_WALLET: 'a fake wallet',
  PERSONA_CHANGE: 'another machine',
};

const actions: Readonly<Record<ActionKind, string>> = {
  monitor: 'a closer watch',
  rotate_key: 'a new key',
  launch_decoy: 'a further decoy',
  insert_trap: 'a trap',
  escalate: 'a notice to people',
  lock_down: 'a block',
  plugin: "a plugin's action",
};

const names: ReadonlyMap<string, string> = new Map(Object.entries({ ...adaptations, ...actions }));

/** What was done, in words for who was woken by it; what is newer than this page by its own name. */
export function deedName(kind: string): string {
  return names.get(kind) ?? kind;
}
