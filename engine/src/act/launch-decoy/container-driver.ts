import { chmod, chown, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../kit/make-folder.ts';
import { createDockerApi, type DockerAnswer, dockerSaid } from './docker-api.ts';
import type { DecoyDriver, DecoyPlan } from './driver.ts';
import { evidenceOf, keepEvidence } from './evidence.ts';
import { findFreePort, type PortRange } from './free-port.ts';

export interface ContainerDriverOptions {
  /** Null: no container engine is meant to be used. */
  readonly socketPath: string | null;
  /** An image laid out like Cowrie's own: /cowrie/cowrie-git, user 999, port 2222. */
  readonly image: string;
  readonly folder: string;
  readonly evidenceFolder: string;
  readonly host: string;
  readonly ports: PortRange;
  /** Tells our containers from those of another installation on the same engine. */
  readonly installation: string;
  /** Null where the engine cannot limit (no cgroups). */
  readonly memoryBytesMax: number | null;
}

const cowrieUser = 999;
const label = 'cerberusmesh';
const stopSeconds = 10;

const Containers = z.array(z.object({ Labels: z.record(z.string(), z.string()).nullable(), State: z.string() }));

/** Cowrie in a container, through Docker's API or podman's: no capabilities, read-only, no new privileges. */
export function createContainerDriver(options: ContainerDriverOptions): DecoyDriver {
  const { socketPath, image, folder, host, ports, installation } = options;
  const call = createDockerApi(socketPath ?? '/var/run/docker.sock');
  const nameOf = ({ sensor }: Pick<DecoyPlan, 'sensor'>) => `cerberus-${sensor}`;

  return {
    name: 'container',
    async check() {
      if (socketPath === null) return 'No container engine is known; set CERBERUS_LAUNCH_SOCKET to its socket.';
      const signal = AbortSignal.timeout(10_000);
      const answer = await call('GET', `/images/${encodeURIComponent(image)}/json`, signal).catch(
        (error: unknown) => `No container engine answers at ${socketPath}: ${String(error)}.`,
      );
      if (typeof answer === 'string') return answer;
      if (answer.status === 200) return undefined;
      return `The container engine has no image ${image}; pull it first, or set CERBERUS_LAUNCH_IMAGE (it said: ${dockerSaid(answer)}).`;
    },
    choosePort: (taken) => findFreePort(host, ports, taken),
    async up(plan, signal) {
      const dir = join(folder, plan.sensor);
      const state = await findState(plan, signal);
      if (state === undefined) {
        await makeFolders(dir);
        const made = await call('POST', `/containers/create?name=${nameOf(plan)}`, signal, containerOf(plan, dir));
        // 409: made by a run that was killed before it could start it.
        expectStatus(made, [201, 409]);
      }
      if (state !== 'running')
        expectStatus(await call('POST', `/containers/${nameOf(plan)}/start`, signal), [204, 304]);
      const isAny = host === '0.0.0.0' || host === '::';
      return {
        host: isAny ? '127.0.0.1' : host,
        port: plan.port,
        logPath: join(dir, 'var/log/cowrie/cowrie.json'),
        cowrieDir: null,
        // Cowrie's own rules let root in with anything but root and 123456.
        credentials: { username: 'root', password: 'cerberus' },
      };
    },
    async end(plan, signal) {
      const answer = await call('POST', `/containers/${nameOf(plan)}/stop?t=${stopSeconds}`, signal);
      expectStatus(answer, [204, 304, 404]);
    },
    async remove(plan, signal) {
      expectStatus(await call('DELETE', `/containers/${nameOf(plan)}?force=true&v=true`, signal), [204, 200, 404]);
      const dir = join(folder, plan.sensor);
      await keepEvidence(evidenceOf(dir), join(options.evidenceFolder, plan.sensor));
      await rm(dir, { recursive: true, force: true });
    },
    async list(signal) {
      const own = await listOwn(`${label}.installation=${installation}`, signal);
      return own.map(({ Labels }) => ({
        id: Labels?.[`${label}.id`] ?? '',
        sensor: Labels?.[`${label}.sensor`] ?? '',
      }));
    },
  };

  async function findState(plan: DecoyPlan, signal: AbortSignal): Promise<string | undefined> {
    return (await listOwn(`${label}.id=${plan.id}`, signal))[0]?.State;
  }

  async function listOwn(wanted: string, signal: AbortSignal) {
    const filters = encodeURIComponent(JSON.stringify({ label: [wanted] }));
    const answer = await call('GET', `/containers/json?all=true&filters=${filters}`, signal);
    expectStatus(answer, [200]);
    return Containers.parse(answer.body);
  }

  function containerOf({ id, sensor, hostname, port }: DecoyPlan, dir: string): object {
    const root = '/cowrie/cowrie-git';
    return {
      Image: image,
      Hostname: hostname,
      Env: [
        'TZ=UTC',
        `COWRIE_HONEYPOT_SENSOR_NAME=${sensor}`,
        `COWRIE_HONEYPOT_HOSTNAME=${hostname}`,
        'COWRIE_SSH_LISTEN_ENDPOINTS=tcp:2222:interface=0.0.0.0',
      ],
      Labels: { [`${label}.installation`]: installation, [`${label}.id`]: id, [`${label}.sensor`]: sensor },
      ExposedPorts: { '2222/tcp': {} },
      HostConfig: {
        PortBindings: { '2222/tcp': [{ HostIp: host, HostPort: String(port) }] },
        Binds: [`${join(dir, 'var')}:${root}/var`],
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        ReadonlyRootfs: true,
        Tmpfs: { '/tmp': 'size=16m' },
        RestartPolicy: { Name: 'unless-stopped' },
        ...(options.memoryBytesMax === null ? {} : { Memory: options.memoryBytesMax, PidsLimit: 256 }),
      },
    };
  }
}

function expectStatus(answer: DockerAnswer, expected: readonly number[]): void {
  if (!expected.includes(answer.status)) throw new Error(`The container engine refused: ${dockerSaid(answer)}`);
}

/** Cowrie's image runs as 999. Who is not root cannot give folders away, and opens them instead. */
async function makeFolders(dir: string): Promise<void> {
  for (const part of [
    '',
    'var',
    'var/run',
    'var/log',
    'var/log/cowrie',
    'var/lib',
    'var/lib/cowrie',
    'var/lib/cowrie/tty',
    'var/lib/cowrie/downloads',
  ]) {
    const path = join(dir, part);
    await makeFolder(path, 0o755);
    if (process.getuid?.() === 0) {
      await chmod(path, 0o755);
      if (part !== '') await chown(path, cowrieUser, cowrieUser);
    } else {
      await chmod(path, part === '' ? 0o755 : 0o777);
    }
  }
}
