import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readYaml, run, until } from './support.ts';

/** What of a compose file is used here; what is missing in it counts as not said. */
interface Service {
  readonly image: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly aliases?: readonly string[] } | null>>;
  readonly network_mode?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  /** Without a test it is switched off. */
  readonly healthcheck?: { readonly test?: readonly string[] };
}

interface Network {
  readonly internal?: boolean;
  readonly driver_opts?: Readonly<Record<string, string>>;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, Network | null>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

export interface Composed {
  /** Starts a service after those that it depends on have reached what it waits for. */
  up(service: string): Promise<void>;
  nameOf(service: string): string;
  /** Runs a program of the service's image in its network, and gives what it says. */
  beside(service: string, command: readonly string[]): string;
  /** Runs the service's image once more with its volumes and secrets, as `compose run --rm --no-deps` does, and gives what it says. */
  once(service: string, command: readonly string[]): string;
  /** What the service has said on standard output. */
  logsOf(service: string): string;
  /** Makes a network, where it is not there, and gives the address that this machine has in it. */
  gatewayOf(network: string): string;
  remove(): void;
}

/**
 * Runs a compose file with podman alone. Debian's podman-compose knows neither conditions of dependencies nor aliases in one network.
 * Not carried out: limits of memory and processes, since not every machine that tests this has cgroups; and health
 * checks are run from here, since podman needs systemd for them.
 */
export function readCompose(path: string, project: string, env: Readonly<Record<string, string>>): Composed {
  const folder = dirname(path);
  const file = parse(path, env);
  const started = new Set<string>();
  const made: string[] = [];

  async function up(service: string): Promise<void> {
    if (started.has(service)) return;
    started.add(service);
    const { depends_on = {}, healthcheck, ...spec } = serviceOf(service);
    for (const name of Object.keys(depends_on)) await up(name);
    const isOnce = Object.values(file.services).some(
      (other) => other.depends_on?.[service]?.condition === 'service_completed_successfully',
    );
    ensureNetworks(spec);
    const name = ['--name', nameOf(service), '--hostname', service];
    run('podman', ['run', isOnce ? '--rm' : '--detach', ...name, ...argumentsOf(service, spec)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (isOnce || !healthcheck?.test) return;
    const [, ...test] = healthcheck.test;
    await until(`${service} healthy`, 120, () => {
      beside(service, test);
      return true;
    });
  }

  function argumentsOf(service: string, spec: Omit<Service, 'depends_on' | 'healthcheck'>): string[] {
    const secrets = (spec.secrets ?? []).map(
      (name) => `${join(folder, file.secrets[name]?.file ?? '')}:/run/secrets/${name}:ro`,
    );
    const volumes = (spec.volumes ?? []).map((volume) =>
      volume.startsWith('.') ? join(folder, volume) : `${project}_${volume}`,
    );
    return [
      ...(spec.read_only ? ['--read-only', '--read-only-tmpfs=false'] : []),
      ...(spec.cap_drop ?? []).flatMap((name) => ['--cap-drop', name]),
      ...(spec.security_opt ?? []).map((option) => `--security-opt=${option.replace(/:true$/, '')}`),
      ...(spec.user ? ['--user', spec.user] : []),
      ...(spec.tmpfs ?? []).flatMap((mount) => ['--tmpfs', mount]),
      ...Object.entries(spec.environment ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...[...volumes, ...secrets].flatMap((volume) => ['--volume', volume]),
      ...(spec.ports ?? []).flatMap((port) => ['--publish', port]),
      ...networksOf(spec).flatMap(({ name, aliases }) => [
        '--network',
        `${project}_${name}:${[service, ...aliases].map((alias) => `alias=${alias}`).join(',')}`,
      ]),
      ...(spec.network_mode ? ['--network', spec.network_mode] : []),
      ...[spec.image, ...(spec.command ?? [])],
    ];
  }

  function ensureNetworks(spec: Pick<Service, 'networks'>): void {
    for (const { name } of networksOf(spec)) ensureNetwork(name);
  }

  function ensureNetwork(name: string): void {
    if (made.includes(name)) return;
    made.push(name);
    const { internal, driver_opts = {} } = file.networks[name] ?? {};
    // Docker's own options are refused by podman.
    const options = Object.entries(driver_opts).filter(([key]) => !key.startsWith('com.docker.'));
    const flags = [...(internal ? ['--internal'] : []), ...options.map(([key, value]) => `--opt=${key}=${value}`)];
    run('podman', ['network', 'create', ...flags, `${project}_${name}`]);
  }

  /** Not `podman exec`, which a machine without the right to set resource limits refuses. */
  function beside(service: string, [program = '', ...args]: readonly string[]): string {
    const { image, environment = {} } = serviceOf(service);
    const env = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const place = ['--network', `container:${nameOf(service)}`, '--entrypoint', program];
    return run('podman', ['run', '--rm', ...env, ...place, image, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  function once(service: string, command: readonly string[]): string {
    // Nothing may take the place of the one that runs: no name, no port.
    const { ports: _, depends_on: __, healthcheck: ___, ...spec } = serviceOf(service);
    return run('podman', ['run', '--rm', ...argumentsOf(service, { ...spec, command })], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  function logsOf(service: string): string {
    return run('podman', ['logs', nameOf(service)], { stdio: ['ignore', 'pipe', 'ignore'] });
  }

  function gatewayOf(network: string): string {
    ensureNetwork(network);
    const format = '{{range .Subnets}}{{.Gateway}}{{end}}';
    return run('podman', ['network', 'inspect', `--format=${format}`, `${project}_${network}`]).trim();
  }

  function nameOf(service: string): string {
    return `${project}-${service}`;
  }

  function serviceOf(name: string): Service {
    const service = file.services[name];
    if (!service) throw new Error(`${path} has no service ${name}.`);
    return service;
  }

  return {
    up,
    nameOf,
    beside,
    once,
    logsOf,
    gatewayOf,
    remove() {
      for (const service of started)
        run('podman', ['rm', '--force', '--ignore', '--time=0', '--volumes', nameOf(service)]);
      const volumes = run('podman', ['volume', 'ls', '--quiet', '--filter', `name=${project}_`])
        .split('\n')
        .filter(Boolean);
      if (volumes.length > 0) run('podman', ['volume', 'rm', '--force', ...volumes]);
      for (const network of made) run('podman', ['network', 'rm', '--force', `${project}_${network}`]);
    },
  };
}

function networksOf({ networks = [] }: Pick<Service, 'networks'>): { name: string; aliases: readonly string[] }[] {
  // `as`: Array.isArray does not tell a readonly array from the rest of a union.
  if (Array.isArray(networks)) return (networks as readonly string[]).map((name) => ({ name, aliases: [] }));
  return Object.entries(networks).map(([name, more]) => ({ name, aliases: more?.aliases ?? [] }));
}

function parse(path: string, env: Readonly<Record<string, string>>): ComposeFile {
  const text = readFileSync(resolve(path), 'utf8').replace(
    /\$\{(\w+):-([^}]*)\}/g,
    (_, name: string, otherwise: string) => env[name] ?? otherwise,
  );
  // `as`: what of it is used here is named above, and what is missing throws.
  return readYaml(text) as ComposeFile;
}
