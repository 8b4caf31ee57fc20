import type { ActionDeclaration } from '@cerberusmesh/contract/action';
import { insertTrapDeclaration } from '@cerberusmesh/contract/insert-trap';
import { launchDecoyDeclaration } from '@cerberusmesh/contract/launch-decoy';
import { lockDownDeclaration } from '@cerberusmesh/contract/lock-down';
import { rotateKeyDeclaration } from '@cerberusmesh/contract/managed-key';
import { monitorDeclaration } from '@cerberusmesh/contract/monitor';
import { escalateDeclaration } from '@cerberusmesh/contract/notice';
import { pluginDeclaration } from '@cerberusmesh/contract/plugin';

/** All that can be asked for, for whoever prints it without the engine. */
export const actionDeclarations: readonly ActionDeclaration[] = [
  monitorDeclaration,
  insertTrapDeclaration,
  rotateKeyDeclaration,
  launchDecoyDeclaration,
  escalateDeclaration,
  lockDownDeclaration,
  pluginDeclaration,
];
