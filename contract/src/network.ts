import { z } from 'zod';

/** An address or a network, as text. */
export const Network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
  error: 'expected an address or a network such as 192.0.2.0/24',
});
