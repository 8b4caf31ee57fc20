export interface CloudWatchAccess {
  readonly region: string;
  /** Null: the SDK's own chain (profile, role of the machine). */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** Null: AWS itself. */
  readonly endpoint: string | null;
}

export type OpenedClient = Awaited<ReturnType<typeof openClient>>;

/** Loads the SDK (0.3 s) with the first use. Throttled requests wait, and the client slows itself down. */
export async function openClient({ region, credentials, endpoint }: CloudWatchAccess) {
  const sdk = await import('@aws-sdk/client-cloudwatch-logs');
  const client = new sdk.CloudWatchLogsClient({
    region,
    ...{ retryMode: 'adaptive', maxAttempts: 5 },
    ...(credentials === null ? {} : { credentials }),
    ...(endpoint === null ? {} : { endpoint }),
  });
  return { sdk, client };
}
