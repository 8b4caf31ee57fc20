import { expect, it } from 'vitest';
import type { ApiClient } from './api-client.ts';
import { createChain, keyOf } from './chain.ts';

const connect = { event_type: 'cowrie.session.connect', source_port: 40_001 };

it('two visits from two addresses by the same port are two sessions', async () => {
  const chain = chainOver([
    { ...connect, source_ip: '127.1.1.1', session_id: 'a' },
    { ...connect, source_ip: '127.2.2.2', session_id: 'b' },
  ]);
  const callers = [
    { from: '127.1.1.1', localPort: 40_001 },
    { from: '127.2.2.2', localPort: 40_001 },
  ];
  expect(await chain.seen(callers, 0)).toMatchObject({ ok: true, came: '2 sessions' });
  expect(await chain.findSessions(callers)).toEqual(new Map(callers.map((caller, at) => [keyOf(caller), 'ab'[at]])));
});

it('where our address is not known, as behind NAT, the newest session of the port is the visit', async () => {
  const chain = chainOver([
    { ...connect, source_ip: '198.51.100.7', session_id: 'new' },
    { ...connect, source_ip: '198.51.100.7', session_id: 'old' },
  ]);
  expect([...(await chain.findSessions([{ localPort: 40_001 }])).values()]).toEqual(['new']);
});

it('a honeypot that rests is told as held, and is not waited for; other decisions are a fault', async () => {
  const resting = { decision: 'monitor', wanted: 'insert_trap', guard: 'cooldown', why: 'it rests until noon' };
  const held = await chainOver([resting]).decided('s', 0);
  expect(held).toMatchObject({ ok: false, isHeld: true, came: 'it rests until noon', tookMs: 0 });
  const other = await chainOver([{ ...resting, guard: 'allow_list' }]).decided('s', 0);
  expect(other).toMatchObject({ ok: false, came: 'insert_trap, kept from it by allow_list (it rests until noon)' });
  expect(other.isHeld).toBeUndefined();
});

/** An API that answers every question with these rows; its clock moves while the chain waits. */
function chainOver(data: readonly object[]) {
  let nowMs = 0;
  // `as`: only `ask` is asked for here, and the rows hold what the chain reads of them.
  const api = { ask: () => Promise.resolve({ data, next_cursor: null }) } as unknown as ApiClient;
  const sleep = (ms: number) => {
    nowMs += ms;
    return Promise.resolve();
  };
  return createChain({ api, startedMs: 0, now: () => nowMs, sleep, patienceMs: 1_000 });
}
