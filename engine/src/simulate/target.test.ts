import { expect, it } from 'vitest';
import { permitTarget } from './target.ts';

it('loopback is ours by every name that it has', async () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) {
    expect((await permitTarget(host, [])).address).toMatch(/^(127\.|::1)/);
  }
});

it.each(['192.0.2.9', '128.0.0.1', '0.0.0.0', '::ffff:192.0.2.9', '2001:db8::1'])('%s is refused', async (host) => {
  await expect(permitTarget(host, [])).rejects.toMatchObject({ code: 'TARGET_REFUSED' });
});

it('a network that was named is ours, and its neighbour is not', async () => {
  const networks = [{ cidr: '192.0.2.0/28' }, { cidr: '2001:db8::/64' }];
  expect(await permitTarget('192.0.2.9', networks)).toEqual({ address: '192.0.2.9' });
  expect(await permitTarget('2001:db8::1', networks)).toEqual({ address: '2001:db8::1' });
  await expect(permitTarget('192.0.2.16', networks)).rejects.toMatchObject({ code: 'TARGET_REFUSED' });
});

it('a name without an address is refused', async () => {
  await expect(permitTarget('nobody.invalid', [])).rejects.toMatchObject({ code: 'TARGET_REFUSED' });
});
