import { join } from 'node:path';
import { type Given, usual } from './given-value.ts';
import { ConfigSchema } from './schema.ts';
import { getSetting } from './settings.ts';

/** What follows from other settings: Cowrie writes its log below its state folder, and our log lies in our own. */
export function derive(given: Given): void {
  const usualLog = '/var/log/cowrie/cowrie.json';
  const dir = given.get('cowrie.dir');
  const log =
    given.get('cowrie.logPath') ?? usual('cowrie.logPath', ConfigSchema.shape.cowrie.shape.logPath.parse(undefined));
  if (dir !== undefined && log.origin === 'default') {
    given.set('cowrie.logPath', { ...log, text: join(dir.text, usualLog), origin: `told from ${dir.origin}` });
  } else if (dir === undefined && log.text.endsWith(usualLog)) {
    const text = log.text.slice(0, -usualLog.length) || '/';
    given.set('cowrie.dir', {
      setting: getSetting('cowrie.dir'),
      text,
      origin: `told from COWRIE_LOG_PATH (${log.origin})`,
    });
  }
  const stateDir = given.get('state.dir');
  if (stateDir === undefined || given.has('log.file')) return;
  given.set('log.file', usual('log.file', join(stateDir.text, 'logs', 'cerberus.log')));
}
