import type { _InstanceType, EC2Client, Instance } from '@aws-sdk/client-ec2';
import type { Clock } from '../../kit/clock.ts';
import type { DecoyDriver, DecoyPlace, DecoyPlan } from './driver.ts';
import { ec2UserData } from './ec2-user-data.ts';

export interface Ec2DriverOptions {
  readonly region: string;
  /** Null: the SDK's own chain (profile, role of the machine). */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** Null: AWS itself. */
  readonly endpoint: string | null;
  /** A Debian image; null where none was named. */
  readonly imageId: string | null;
  readonly instanceType: string;
  /** Null: the default one. */
  readonly subnetId: string | null;
  readonly cowrieVersion: string;
  readonly installation: string;
  readonly clock: Clock;
  /** Where the machine sends its log, and the token with which it may. */
  readonly ship: { readonly url: string | null; readonly issueToken: (sensor: string) => Promise<string> };
}

const tag = 'cerberusmesh';
const pollMs = 2000;

/** Cowrie on a machine of its own at AWS. Every resource carries our tags; the IAM policy of docs/aws.md allows no other. */
export function createEc2Driver(options: Ec2DriverOptions): DecoyDriver {
  const { imageId, installation, clock } = options;
  let opened: Promise<{ sdk: typeof import('@aws-sdk/client-ec2'); client: EC2Client }> | undefined;

  return {
    name: 'ec2',
    async check() {
      if (imageId === null)
        return 'No machine image is known; set CERBERUS_LAUNCH_AMI to a Debian image of your region.';
      if (options.ship.url === null)
        return 'A machine at AWS could not send its log here; set CERBERUS_PUBLIC_URL to an address that it reaches.';
      const { sdk, client } = await open();
      const wanted = new sdk.DescribeImagesCommand({ ImageIds: [imageId] });
      const soon = { abortSignal: AbortSignal.timeout(15_000) };
      const fault = await client.send(wanted, soon).then(
        ({ Images = [] }) => (Images.length > 0 ? undefined : `AWS has no image ${imageId} in ${options.region}.`),
        (error: unknown) => `AWS does not let us look at ${imageId}: ${String(error).slice(0, 300)}.`,
      );
      if (fault !== undefined) return fault;
      const tags = [
        { ResourceType: 'instance' as const, Tags: tagsOf({ installation, id: 'check', sensor: 'check' }) },
      ];
      const launch = new sdk.RunInstancesCommand({
        ...{ DryRun: true, ImageId: imageId, MinCount: 1, MaxCount: 1, TagSpecifications: tags },
        // `as`: the SDK lists the types of its own day, and AWS knows which there are.
        InstanceType: options.instanceType as _InstanceType,
        ...(options.subnetId === null ? {} : { SubnetId: options.subnetId }),
      });
      // A dry run never succeeds: what would have been done is told by this very error.
      const refusal = await client.send(launch, soon).catch((error: unknown) => error);
      if (refusal instanceof Error && refusal.name === 'DryRunOperation') return undefined;
      return `AWS would not let us start a machine: ${String(refusal).slice(0, 300)}.`;
    },
    choosePort: async () => 0,
    async up(plan, signal) {
      const standing = await find([{ Name: `tag:${tag}:id`, Values: [plan.id] }], signal);
      const running = standing[0] ?? (await runInstance(plan, signal));
      return placeOf(await untilAddressed(running.InstanceId ?? '', signal));
    },
    async end({ id }, signal) {
      const { sdk, client } = await open();
      const standing = await find([{ Name: `tag:${tag}:id`, Values: [id] }], signal);
      const ids = standing.flatMap(({ InstanceId }) => (InstanceId === undefined ? [] : [InstanceId]));
      if (ids.length === 0) return;
      await client.send(new sdk.TerminateInstancesCommand({ InstanceIds: ids }), { abortSignal: signal });
    },
    async remove(_plan, signal) {
      if ((await find([{ Name: `tag:${tag}:installation`, Values: [installation] }], signal)).length > 0) return;
      const { sdk, client } = await open();
      const group = await findGroup(signal);
      if (group === undefined) return;
      // It is in use until the last machine has really ended; the next decoy's end, or the next round, takes it then.
      await client
        .send(new sdk.DeleteSecurityGroupCommand({ GroupId: group }), { abortSignal: signal })
        .catch((error: unknown) => {
          if (!(error instanceof Error) || error.name !== 'DependencyViolation') throw error;
        });
    },
    async list(signal) {
      const own = await find([{ Name: `tag:${tag}:installation`, Values: [installation] }], signal);
      return own.map((instance) => ({ id: tagOf(instance, 'id'), sensor: tagOf(instance, 'sensor') }));
    },
  };

  /** A second to load and 138 MB: only where AWS is really used. */
  function open() {
    opened ??= import('@aws-sdk/client-ec2').then((sdk) => {
      const { region, credentials, endpoint } = options;
      const given = { ...(credentials ? { credentials } : {}), ...(endpoint === null ? {} : { endpoint }) };
      return { sdk, client: new sdk.EC2Client({ region, maxAttempts: 4, ...given }) };
    });
    return opened;
  }

  async function runInstance(plan: DecoyPlan, signal: AbortSignal): Promise<Instance> {
    const { sdk, client } = await open();
    const group = (await findGroup(signal)) ?? (await makeGroup(signal));
    const { sensor, hostname, id } = plan;
    const ship = { url: options.ship.url ?? '', token: await options.ship.issueToken(sensor) };
    const userData = ec2UserData({ sensor, hostname, version: options.cowrieVersion, ship });
    const tags = tagsOf({ installation, id, sensor, Name: sensor });
    const asked = new sdk.RunInstancesCommand({
      ImageId: imageId ?? '',
      // `as`: the SDK lists the types of its own day, and AWS knows which there are.
      InstanceType: options.instanceType as _InstanceType,
      MinCount: 1,
      MaxCount: 1,
      // The same request again, after a kill, gives the same machine.
      ClientToken: id,
      UserData: Buffer.from(userData).toString('base64'),
      InstanceInitiatedShutdownBehavior: 'terminate',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          AssociatePublicIpAddress: true,
          Groups: [group],
          ...(options.subnetId === null ? {} : { SubnetId: options.subnetId }),
        },
      ],
      TagSpecifications: [
        { ResourceType: 'instance', Tags: tags },
        { ResourceType: 'volume', Tags: tags },
      ],
    });
    const { Instances = [] } = await client.send(asked, { abortSignal: signal });
    const [made] = Instances;
    if (!made) throw new Error('AWS answered without a machine.');
    return made;
  }

  async function untilAddressed(instanceId: string, signal: AbortSignal): Promise<Instance> {
    for (;;) {
      signal.throwIfAborted();
      const [found] = await find([{ Name: 'instance-id', Values: [instanceId] }], signal);
      if (found?.State?.Name === 'running' && found.PublicIpAddress !== undefined) return found;
      await clock.sleep(pollMs, signal);
    }
  }

  /** Those that are not on their way out. */
  async function find(filters: { Name: string; Values: string[] }[], signal: AbortSignal): Promise<Instance[]> {
    const { sdk, client } = await open();
    const living = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };
    const asked = new sdk.DescribeInstancesCommand({ Filters: [...filters, living] });
    const { Reservations = [] } = await client.send(asked, { abortSignal: signal });
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  }

  async function findGroup(signal: AbortSignal): Promise<string | undefined> {
    const { sdk, client } = await open();
    const asked = new sdk.DescribeSecurityGroupsCommand({
      Filters: [{ Name: `tag:${tag}:installation`, Values: [installation] }],
    });
    const { SecurityGroups = [] } = await client.send(asked, { abortSignal: signal });
    return SecurityGroups[0]?.GroupId;
  }

  /** Port 22 from everywhere, and nothing else: that is what a honeypot is for. */
  async function makeGroup(signal: AbortSignal): Promise<string> {
    const { sdk, client } = await open();
    const vpc = options.subnetId === null ? undefined : await findVpc(options.subnetId, signal);
    const asked = new sdk.CreateSecurityGroupCommand({
      GroupName: `cerberusmesh-decoys-${installation}`,
      Description: 'SSH decoys of CerberusMesh',
      ...(vpc === undefined ? {} : { VpcId: vpc }),
      TagSpecifications: [{ ResourceType: 'security-group', Tags: tagsOf({ installation }) }],
    });
    const { GroupId } = await client.send(asked, { abortSignal: signal });
    if (GroupId === undefined) throw new Error('AWS made a security group and did not name it.');
    const everywhere = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    const opening = new sdk.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [everywhere] });
    await client.send(opening, { abortSignal: signal });
    return GroupId;
  }

  async function findVpc(subnetId: string, signal: AbortSignal): Promise<string | undefined> {
    const { sdk, client } = await open();
    const asked = new sdk.DescribeSubnetsCommand({ SubnetIds: [subnetId] });
    return (await client.send(asked, { abortSignal: signal })).Subnets?.[0]?.VpcId;
  }

  function placeOf({ PublicIpAddress = '' }: Instance): DecoyPlace {
    const credentials = { username: 'root', password: 'cerberus' };
    return { host: PublicIpAddress, port: 22, logPath: null, cowrieDir: null, credentials };
  }
}

function tagsOf(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key: Key === 'Name' ? Key : `${tag}:${Key}`, Value }));
}

function tagOf({ Tags = [] }: Instance, name: string): string {
  return Tags.find(({ Key }) => Key === `${tag}:${name}`)?.Value ?? '';
}
