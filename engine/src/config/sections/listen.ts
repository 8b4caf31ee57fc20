import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const listen = z.strictObject({
  socketlog: value.hostAndPort.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_SOCKETLOG_LISTEN',
    help: "Where Cowrie's output_socketlog is awaited: JSON lines over TCP.",
    example: '127.0.0.1:9000',
  }),
  syslog: value.hostAndPort.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_SYSLOG_LISTEN',
    help: 'Where syslog is awaited, over UDP and TCP: of a Cowrie, or of anything else.',
    example: '127.0.0.1:5514',
  }),
  from: value.networks.clone().default([]).register(settingNotes, {
    env: 'CERBERUS_LISTEN_FROM',
    help: 'Networks that may send to these two besides this machine; beyond loopback they are refused without it.',
    example: 'honeypots=10.20.0.0/24',
  }),
});
