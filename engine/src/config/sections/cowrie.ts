import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const cowrie = z.strictObject({
  logPath: value.path.default('/home/cowrie/cowrie/var/log/cowrie/cowrie.json').register(settingNotes, {
    env: 'COWRIE_LOG_PATH',
    help: "Cowrie's JSON log, which is read as it grows.",
    example: '/home/cowrie/cowrie/var/log/cowrie/cowrie.json',
    treat: 'path',
  }),
  dir: value.path.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_COWRIE_DIR',
    help: "Cowrie's state folder, as `cerberus prepare` takes it; by default told from the log's path.",
    example: '/home/cowrie/cowrie',
    treat: 'path',
  }),
  configPath: value.pathTo('etc/cowrie.cfg').nullable().default(null).register(settingNotes, {
    env: 'COWRIE_CONFIG_PATH',
    help: "Cowrie's configuration file: names its folder too, where CERBERUS_COWRIE_DIR does not.",
    example: '/home/cowrie/cowrie/etc/cowrie.cfg',
    treat: 'path',
  }),
  honeyfilesPath: value.pathTo('honeyfs').nullable().default(null).register(settingNotes, {
    env: 'COWRIE_HONEYFILES_PATH',
    help: "Cowrie's folder of the files that attackers may read: names Cowrie's folder in the same way. Adaptations go where `cerberus prepare` makes Cowrie look.",
    example: '/home/cowrie/cowrie/honeyfs',
    treat: 'path',
  }),
  restartCommand: value.text.default('sudo systemctl restart cowrie').register(settingNotes, {
    env: 'COWRIE_RESTART_COMMAND',
    help: 'Restarts Cowrie. Run for another persona where our plugin is not in it, and only while nobody is there.',
    example: 'sudo systemctl restart cowrie',
  }),
  host: value.text.default('127.0.0.1').register(settingNotes, {
    env: 'CERBERUS_COWRIE_HOST',
    help: 'Where the probe reaches Cowrie over SSH.',
    example: '127.0.0.1',
  }),
  port: value.wholeNumber(1, 65_535).default(2222).register(settingNotes, {
    env: 'CERBERUS_COWRIE_PORT',
    help: 'Port at which the probe reaches Cowrie over SSH.',
    example: '2222',
  }),
  timezone: value.timezone.default('UTC').register(settingNotes, {
    env: 'CERBERUS_TIMEZONE',
    help: "The zone of Cowrie's time stamps: a Cowrie started without TZ=UTC writes local time and calls it Z.",
    example: 'Europe/Berlin',
  }),
});
