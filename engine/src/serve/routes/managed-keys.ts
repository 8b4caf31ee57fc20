import { ErrorBody } from '@cerberusmesh/contract/api';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { ManagedKeyName, ManagedKeyOrder, ManagedKeyRecord } from '@cerberusmesh/contract/managed-key';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';
import type { Audit } from '../deps.ts';

export interface ManagedKeys {
  list(): Promise<ManagedKeyRecord[]>;
  /** Seals the private key and keeps it. @throws CerberusError VALIDATION_FAILED, BAD_SECRET */
  put(name: string, order: ManagedKeyOrder): Promise<ManagedKeyRecord>;
  remove(name: string): Promise<boolean>;
}

const Named = z.object({ name: ManagedKeyName });

/** The keys of real hosts that `rotate_key` may replace. A private key comes in and never goes out. */
export function addManagedKeyRoutes(api: Api, keys: ManagedKeys, audit: Audit): void {
  api.get(
    '/api/managed-keys',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['actions'],
        summary: 'The keys that may be rotated, without their private parts',
        response: { 200: z.object({ data: z.array(ManagedKeyRecord) }), default: ErrorBody },
      },
    },
    async () => ({ data: await keys.list() }),
  );

  api.put(
    '/api/managed-keys/:name',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['actions'],
        summary: 'Make a key known, or replace what is known of it; nothing is sent to the host',
        params: Named,
        body: ManagedKeyOrder,
        response: { 200: ManagedKeyRecord, default: ErrorBody },
      },
    },
    async ({ params, body, identity }) => {
      const record = await keys.put(params.name, body);
      const { kind, host, port, username, region, pair_name, fingerprint } = record;
      const details = { kind, host, port, username, region, pair_name, fingerprint };
      await audit({ actor: actorOf(identity), action: 'managed_key.put', subject: params.name, details });
      return record;
    },
  );

  api.delete(
    '/api/managed-keys/:name',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['actions'],
        summary: 'Forget a key; the host is left as it is',
        params: Named,
        response: { 200: z.object({ removed: z.literal(true) }), default: ErrorBody },
      },
    },
    async ({ params, identity }) => {
      if (!(await keys.remove(params.name))) {
        throw new CerberusError('NOT_FOUND', `There is no managed key ${params.name}.`);
      }
      await audit({ actor: actorOf(identity), action: 'managed_key.remove', subject: params.name, details: {} });
      return { removed: true as const };
    },
  );
}
