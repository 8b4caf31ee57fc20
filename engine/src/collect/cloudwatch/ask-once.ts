import type { CloudWatchAccess } from './open-client.ts';
import { openClient } from './open-client.ts';

const requestMs = 10_000;

/** Whether a group can be read, for those who want to know before it is followed. Rejects with what AWS says. */
export async function askOnce(options: CloudWatchAccess & { readonly group: string; readonly filter: string | null }) {
  const { sdk, client } = await openClient(options);
  const { group, filter } = options;
  try {
    const command = new sdk.FilterLogEventsCommand({
      ...{ logGroupName: group, limit: 1, startTime: Date.now() - 1000 },
      ...(filter === null ? {} : { filterPattern: filter }),
    });
    await client.send(command, { abortSignal: AbortSignal.timeout(requestMs) });
  } finally {
    client.destroy();
  }
}
