import type { Action } from '../act/action.ts';
import { createNftFirewall, type Firewall } from '../act/lock-down/firewall.ts';
import { createLockDown } from '../act/lock-down/lock-down.ts';
import { runNftHere, runNftOver } from '../act/lock-down/run-nft.ts';
import { createNetworkNames } from '../assess/origin/networks.ts';
import type { Config } from '../config.ts';
import type { VersionedPolicy } from '../decide/decide.ts';
import type { Clock } from '../kit/clock.ts';
import type { ReadBlocklist } from '../serve/routes/feeds.ts';
import { createBlocklist } from '../store/blocklist.ts';
import type { Database } from '../store/database.ts';

/** The `lock_down` action and the feed that it fills. */
export function composeLockDown(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly policy: () => VersionedPolicy;
}): { readonly action: Action; readonly readBlocklist: ReadBlocklist } {
  const { config, database, clock, policy } = parts;
  const blocklist = createBlocklist(database.pool);
  const now = () => clock.now();
  return {
    action: createLockDown({
      feed: blocklist,
      firewalls: openFirewalls(config),
      protectedNetwork: (address) => createNetworkNames([...config.enrichment.ownNetworks, ...allowed()])(address),
      now,
    }),
    // What became protected after it was blocked does not leave the house either.
    async readBlocklist() {
      await blocklist.forgetExpired(now());
      const nameOf = createNetworkNames([...config.enrichment.ownNetworks, ...allowed()]);
      return (await blocklist.list(now())).filter(({ address }) => nameOf(address) === null);
    },
  };

  function allowed() {
    return policy().policy.guards.never.networks.map((cidr) => ({ name: 'never (policy)', cidr }));
  }
}

function openFirewalls(config: Config): Firewall[] {
  const { hosts, key, command } = config.firewall;
  const words = command.split(' ').filter((word) => word !== '');
  return hosts.map((host) => {
    if (host.kind === 'here') return createNftFirewall('local', runNftHere(words));
    const { username, address, port, hostKey } = host;
    const login = { host: address, port, username, hostKey, privateKey: key?.reveal() ?? '' };
    return createNftFirewall(`${address}:${port}`, runNftOver(login, words));
  });
}
