import { join } from 'node:path';
import { type Given, type GivenValue, usual } from './given-value.ts';
import { ConfigSchema } from './schema.ts';
import { getSetting } from './settings.ts';

/** Where Cowrie keeps its log, its configuration and its files, seen from its folder. */
const usualLog = '/var/log/cowrie/cowrie.json';
const usualConfig = '/etc/cowrie.cfg';
const usualFiles = '/honeyfs';

/** What follows from other settings: the descriptions of the product name Cowrie's folder in three ways, and Redis in two. */
export function derive(given: Given, faults: string[]): void {
  deriveCowrie(given, faults);
  deriveRedis(given);
  const stateDir = given.get('state.dir');
  if (stateDir === undefined || given.has('log.file')) return;
  given.set('log.file', usual('log.file', join(stateDir.text, 'logs', 'cerberus.log')));
}

function deriveCowrie(given: Given, faults: string[]): void {
  const dir = findCowrieDir(given, faults);
  const log =
    given.get('cowrie.logPath') ?? usual('cowrie.logPath', ConfigSchema.shape.cowrie.shape.logPath.parse(undefined));
  if (dir !== undefined) {
    given.set('cowrie.dir', dir);
    if (log.origin !== 'default') return;
    given.set('cowrie.logPath', { ...log, text: join(dir.text, usualLog), origin: `told from ${dir.origin}` });
  } else if (log.text.endsWith(usualLog)) {
    given.set('cowrie.dir', told(log, usualLog, `told from COWRIE_LOG_PATH (${log.origin})`));
  }
}

/** Named outright, or by something that lies in it. What names another folder is a fault: one of them would be believed in vain. */
function findCowrieDir(given: Given, faults: string[]): GivenValue | undefined {
  const named = [
    given.get('cowrie.dir'),
    ...[
      { value: given.get('cowrie.configPath'), below: usualConfig },
      { value: given.get('cowrie.honeyfilesPath'), below: usualFiles },
    ].map(({ value, below }) => (value?.text.endsWith(below) ? told(value, below, value.origin) : undefined)),
  ].filter((value) => value !== undefined);
  const [first, ...others] = named;
  for (const { text, origin } of others) {
    if (first === undefined || join(text, '.') === join(first.text, '.')) continue;
    faults.push(
      `${origin}: expected a path in ${first.text}, which ${first.origin} names, came one in ${text}; leave one of them out`,
    );
  }
  return first;
}

function told({ text }: GivenValue, below: string, origin: string): GivenValue {
  return { setting: getSetting('cowrie.dir'), text: text.slice(0, -below.length) || '/', origin };
}

function deriveRedis(given: Given): void {
  const host = given.get('redis.host');
  if (host === undefined || given.has('redis.url')) return;
  const { shape } = ConfigSchema.shape.redis;
  const [port, db] = [
    shape.port.safeParse(given.get('redis.port')?.text),
    shape.db.safeParse(given.get('redis.db')?.text),
  ];
  // What is wrong with one of them is told as its own fault.
  if (!port.success || !db.success) return;
  const place = host.text.includes(':') ? `[${host.text}]` : host.text;
  given.set('redis.url', {
    setting: getSetting('redis.url'),
    text: `redis://${place}:${port.data}/${db.data}`,
    origin: `told from ${host.origin}`,
  });
}
