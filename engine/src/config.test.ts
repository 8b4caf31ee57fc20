import { CerberusError } from '@cerberusmesh/contract/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allSettings } from './config/settings.ts';
import { faultsOf, sources } from './config/support/sources.ts';
import { readConfig } from './config.ts';

describe('where a value comes from', () => {
  it('nothing is needed: the defaults of both descriptions hold', () => {
    const config = readConfig(sources({}));
    expect(config).toMatchObject({
      agent: {
        threshold: 0.7,
        autoAction: true,
        maxEvents: 100,
        killSwitch: false,
        policyFile: null,
        controlShare: 0.1,
        dryRun: false,
      },
      adaptation: { enabled: true, highSeverityThreshold: 0.7, cooldownSeconds: 300 },
      cowrie: {
        logPath: '/home/cowrie/cowrie/var/log/cowrie/cowrie.json',
        dir: '/home/cowrie/cowrie',
        timezone: 'UTC',
      },
      http: {
        host: '127.0.0.1',
        port: 3000,
        corsOrigin: 'http://localhost:3001',
        rateLimitMax: 100,
        rateLimitWindowSeconds: 900,
      },
      llm: { apiKey: null, model: 'gpt-4', temperature: 0.2 },
      redis: { host: 'localhost', port: 6379, db: 1 },
      state: { dir: '/checkout/.cerberus' },
      log: { level: 'info', file: '/checkout/.cerberus/logs/cerberus.log' },
    });
  });

  it('a flag beats a variable, which beats config.ini, which beats the default', () => {
    const ini = '[http]\nport = 1001\nhost = 127.0.0.2\nrate_limit_max = 5\n';
    const config = readConfig(
      sources({
        files: { '/here/config.ini': ini },
        env: { PORT: '1002', CERBERUS_HOST: '127.0.0.3' },
        flags: { port: '1003' },
      }),
    );
    expect(config.http).toMatchObject({ port: 1003, host: '127.0.0.3', rateLimitMax: 5, rateLimitWindowSeconds: 900 });
    expect(config.origins['http.port']).toBe('--port');
    expect(config.origins['http.host']).toBe('the variable CERBERUS_HOST');
    expect(config.origins['http.rateLimitMax']).toBe('/here/config.ini:4 [http] rate_limit_max');
  });

  it('--config beats CERBERUS_CONFIG, which beats ./config.ini', () => {
    const files = { '/here/config.ini': '[http]\nport=1', '/here/b.ini': '[http]\nport=2', '/c.ini': '[http]\nport=3' };
    const env = { CERBERUS_CONFIG: 'b.ini' };
    expect(readConfig(sources({ files })).http.port).toBe(1);
    expect(readConfig(sources({ files, env })).http.port).toBe(2);
    expect(readConfig(sources({ files, env, flags: { config: '/c.ini' } })).http.port).toBe(3);
  });

  it('--debug and --dry-run are settings like others', () => {
    const config = readConfig(sources({ env: { CERBERUS_LOG_LEVEL: 'ERROR' }, flags: { debug: true, dryRun: true } }));
    expect([config.log.level, config.agent.dryRun]).toEqual(['debug', true]);
  });

  it.each([
    ['DEBUG', 'debug'],
    ['Info', 'info'],
    ['WARNING', 'warn'],
    ['warn', 'warn'],
    ['CRITICAL', 'fatal'],
  ])('the log level %s is %s', (given, level) => {
    expect(readConfig(sources({ env: { CERBERUS_LOG_LEVEL: given } })).log.level).toBe(level);
  });

  it('an empty variable counts as not set', () => {
    expect(readConfig(sources({ env: { PORT: '', OPENAI_API_KEY: '', DATABASE_URL_FILE: '' } })).http.port).toBe(3000);
  });

  it('a relative path starts at the INI file that names it, and else at the working directory', () => {
    const files = { '/etc/cm/my.ini': '[cowrie]\nlog_path = logs/cowrie.json\n' };
    const config = readConfig(
      sources({ files, flags: { config: '/etc/cm/my.ini' }, env: { CERBERUS_DATA_DIR: 'state' } }),
    );
    expect(config.cowrie.logPath).toBe('/etc/cm/logs/cowrie.json');
    expect(config.state.dir).toBe('/here/state');
    expect(readConfig(sources({ env: { CERBERUS_DATA_DIR: '~/state' } })).state.dir).toBe('/home/me/state');
  });

  it("Cowrie's folder is told by its configuration or its files too, and two that name different ones are refused", () => {
    const config = '/srv/c/etc/cowrie.cfg';
    expect(readConfig(sources({ env: { COWRIE_CONFIG_PATH: config } })).cowrie).toMatchObject({
      dir: '/srv/c',
      logPath: '/srv/c/var/log/cowrie/cowrie.json',
    });
    const env = { COWRIE_LOG_PATH: '/logs/var/log/cowrie/cowrie.json', COWRIE_HONEYFILES_PATH: '/srv/c/honeyfs' };
    expect(readConfig(sources({ env })).cowrie.dir).toBe('/srv/c');
    expect(faultsOf(sources({ env: { CERBERUS_COWRIE_DIR: '/srv/d', COWRIE_CONFIG_PATH: config } }))).toEqual([
      'the variable COWRIE_CONFIG_PATH: expected a path in /srv/d, which the variable CERBERUS_COWRIE_DIR names, came one in /srv/c; leave one of them out',
    ]);
    expect(faultsOf(sources({ env: { COWRIE_HONEYFILES_PATH: '/srv/files' } }))).toEqual([
      'the variable COWRIE_HONEYFILES_PATH: expected a path that ends in /honeyfs, came "/srv/files"; write for example /home/cowrie/cowrie/honeyfs',
    ]);
  });

  it('REDIS_HOST names a Redis where REDIS_URL does not', () => {
    const urlOf = (env: Record<string, string>) => readConfig(sources({ env })).redis.url?.reveal();
    expect(urlOf({ REDIS_HOST: 'redis', REDIS_PORT: '6380' })).toBe('redis://redis:6380/1');
    expect(urlOf({ REDIS_HOST: '::1', REDIS_DB: '0' })).toBe('redis://[::1]:6379/0');
    expect(urlOf({ REDIS_HOST: 'redis', REDIS_URL: 'redis://other:6379' })).toBe('redis://other:6379');
    expect(urlOf({ REDIS_PORT: '6380' })).toBeUndefined();
  });

  it("Cowrie's log and Cowrie's folder tell each other, unless both are given", () => {
    const usual = '/srv/c/var/log/cowrie/cowrie.json';
    expect(readConfig(sources({ env: { COWRIE_LOG_PATH: usual } })).cowrie.dir).toBe('/srv/c');
    expect(readConfig(sources({ env: { CERBERUS_COWRIE_DIR: '/srv/c' } })).cowrie.logPath).toBe(usual);
    expect(readConfig(sources({ env: { COWRIE_LOG_PATH: '/logs/cowrie.json' } })).cowrie.dir).toBeNull();
    expect(
      readConfig(sources({ env: { COWRIE_LOG_PATH: '/logs/a.json', CERBERUS_COWRIE_DIR: '/srv/c' } })).cowrie,
    ).toMatchObject({ logPath: '/logs/a.json', dir: '/srv/c' });
  });

  it('state lies in the XDG state folder where the program runs from no checkout', () => {
    const installed = { ...sources({}), projectDir: null };
    expect(readConfig(installed).state.dir).toBe('/home/me/.local/state/cerberusmesh');
    expect(readConfig({ ...installed, env: { XDG_STATE_HOME: '/x' } }).state.dir).toBe('/x/cerberusmesh');
    expect(readConfig({ ...installed, env: { XDG_STATE_HOME: 'not/absolute' } }).state.dir).toBe(
      '/home/me/.local/state/cerberusmesh',
    );
  });

  it('only the variables of the schema are read', () => {
    const asked = new Set<string>();
    const env = new Proxy<Record<string, string | undefined>>(
      {},
      {
        get(_, name) {
          asked.add(String(name));
          return undefined;
        },
      },
    );
    readConfig({ ...sources({}), projectDir: null, env });
    const known = allSettings.flatMap((setting) => [setting.env, `${setting.env}_FILE`]);
    expect([...asked].filter((name) => ![...known, 'CERBERUS_CONFIG', 'XDG_STATE_HOME'].includes(name))).toEqual([]);
  });

  it('a list is told by commas', () => {
    const config = readConfig(sources({ env: { CERBERUS_ALLOWED_HOSTS: 'a.example, b' } }));
    expect(config.http.allowedHosts).toEqual(['a.example', 'b']);
  });

  it('nothing can be changed afterwards', () => {
    const config = readConfig(sources({}));
    expect(() => Object.assign(config.http.allowedHosts, ['x'])).toThrow(TypeError);
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config, { http: {} })).toThrow(TypeError);
  });
});

describe('faults', () => {
  it('are told all at once, each with its place, what was expected, what came and the fix', () => {
    const ini = '[http]\nport = high\nprot = 1\n[htpt]\nport = 2\nnonsense\n[agent]\nthreshold = 1.5\n';
    const faults = faultsOf(
      sources({
        files: { '/here/config.ini': ini },
        env: {
          REDIS_PORT: '0',
          CERBERUS_TIMEZONE: 'Mars',
          DATABASE_URL: 'mysql://a:hunter2@b',
          CERBERUS_AUTO_ACTION: 'maybe',
        },
        flags: { port: '65536' },
      }),
    );
    expect(faults.sort()).toEqual(
      [
        '--port: expected a whole number from 0 to 65535, came "65536"; write for example 3000',
        '/here/config.ini:3 [http] prot: no such setting; did you mean port?',
        '/here/config.ini:5 [htpt] port: no such section; did you mean [http]?',
        '/here/config.ini:6: expected [section] or key = value, came "nonsense"',
        '/here/config.ini:8 [agent] threshold: expected a number from 0 to 1, came "1.5"; write for example 0.7',
        'the variable CERBERUS_AUTO_ACTION: expected true or false, came "maybe"; write for example true',
        'the variable CERBERUS_TIMEZONE: expected a time zone\'s name such as UTC or Europe/Berlin, came "Mars"; write for example Europe/Berlin',
        'the variable DATABASE_URL: expected a postgresql:// address, came a value of 19 characters; write for example postgresql://honeynet:password@localhost:5432/honeynet',
        'the variable REDIS_PORT: expected a whole number from 1 to 65535, came "0"; write for example 6379',
      ].sort(),
    );
  });

  it.each([
    [
      '[http]\ncooldown_seconds = 3',
      '[http] cooldown_seconds: no such setting; did you mean [adaptation] cooldown_seconds?',
    ],
    ['[zzzzzz]\na = 3', '[zzzzzz] a: no such section; there are agent, adaptation'],
    ['port = 3', 'port stands before the first [section]'],
    ['[http]\nport = 3\nPORT = 4', '[http] port stands in line 2 already'],
    ['[__proto__]\nport = 3', '[__proto__] port: no such section'],
    ['[http]\n__proto__ = 3', '[http] __proto__: no such setting'],
    ['[state]\nmaster_key = 0123456789abcdef', 'must not lie beside what it locks; set CERBERUS_MASTER_KEY'],
  ])('of an INI file are refused: %j', (ini, fault) => {
    expect(faultsOf(sources({ files: { '/here/config.ini': ini } })).join('\n')).toContain(fault);
  });

  it('a named INI file that is missing is one; a missing ./config.ini is none', () => {
    expect(faultsOf(sources({ flags: { config: 'my.ini' } }))).toEqual([
      '/here/my.ini: named by --config, but it cannot be read (no such file); make it readable or name another',
    ]);
    expect(readConfig(sources({})).http.port).toBe(3000);
  });

  it.each(['http://a.example', 'a.example:80', 'a b', 'a.example,', ','.repeat(200)])(
    'a list of host names is not %j',
    (list) => {
      expect(faultsOf(sources({ env: { CERBERUS_ALLOWED_HOSTS: list } }))[0]).toContain(
        'expected host names without scheme',
      );
    },
  );

  it('are the only thing that any file can cause', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('[http]', '[state]', '[log]', 'port = 80', 'level: debug', ' # x', 'dir=enc:v1:AAAA'),
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), (lines, ending) => {
        try {
          readConfig(sources({ files: { '/here/config.ini': lines.join(ending) } }));
        } catch (error) {
          expect(error).toBeInstanceOf(CerberusError);
        }
      }),
    );
  });
});
