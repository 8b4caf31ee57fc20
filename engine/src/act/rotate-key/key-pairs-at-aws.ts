import type { EC2Client } from '@aws-sdk/client-ec2';

/** Key pairs of one region, as rotating needs them. */
export interface KeyPairs {
  /** Type and base64 of the pair's public key; undefined where there is no pair of this name. */
  find(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** Rejects where the name is taken. The private part never goes there. */
  add(name: string, publicKey: string, signal: AbortSignal): Promise<void>;
  /** Can be repeated. */
  remove(name: string, signal: AbortSignal): Promise<void>;
  /** Machines that were started with it and are not gone: they take the old key until it is rotated there, over SSH. */
  listMachines(name: string, signal: AbortSignal): Promise<readonly string[]>;
}

export interface AwsOptions {
  /** Null: the SDK's own chain (profile, role of the machine). */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** Null: AWS itself. */
  readonly endpoint: string | null;
  readonly installation: string;
}

type Sdk = typeof import('@aws-sdk/client-ec2');

/** The SDK is loaded with the first question: a second and 138 MB, only where AWS is really used. */
export function openKeyPairs({ credentials, endpoint, installation }: AwsOptions): (region: string) => KeyPairs {
  const opened = new Map<string, Promise<{ sdk: Sdk; client: EC2Client }>>();

  return (region) => ({
    async find(name, signal) {
      const { sdk, client } = await open(region);
      const asked = new sdk.DescribeKeyPairsCommand({
        Filters: [{ Name: 'key-name', Values: [name] }],
        IncludePublicKey: true,
      });
      const { KeyPairs: found = [] } = await client.send(asked, { abortSignal: signal });
      return found[0] && (found[0].PublicKey ?? '').trim().split(/\s+/).slice(0, 2).join(' ');
    },
    async add(name, publicKey, signal) {
      const { sdk, client } = await open(region);
      const asked = new sdk.ImportKeyPairCommand({
        KeyName: name,
        PublicKeyMaterial: Buffer.from(publicKey),
        TagSpecifications: [
          { ResourceType: 'key-pair', Tags: [{ Key: 'cerberusmesh:installation', Value: installation }] },
        ],
      });
      await client.send(asked, { abortSignal: signal });
    },
    async remove(name, signal) {
      const { sdk, client } = await open(region);
      await client.send(new sdk.DeleteKeyPairCommand({ KeyName: name }), { abortSignal: signal });
    },
    async listMachines(name, signal) {
      const { sdk, client } = await open(region);
      const asked = new sdk.DescribeInstancesCommand({
        Filters: [
          { Name: 'key-name', Values: [name] },
          { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
        ],
      });
      const { Reservations = [] } = await client.send(asked, { abortSignal: signal });
      return Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
    },
  });

  function open(region: string) {
    const known =
      opened.get(region) ?? import('@aws-sdk/client-ec2').then((sdk) => ({ sdk, client: clientOf(sdk, region) }));
    opened.set(region, known);
    return known;
  }

  function clientOf(sdk: Sdk, region: string): EC2Client {
    const given = { ...(credentials ? { credentials } : {}), ...(endpoint === null ? {} : { endpoint }) };
    return new sdk.EC2Client({ region, maxAttempts: 4, ...given });
  }
}
