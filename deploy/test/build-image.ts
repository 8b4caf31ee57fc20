import { root, run } from './support.ts';

/** The engine's, of this checkout. */
export const image = 'localhost/cerberusmesh:test';

/** @param bases - As `ensureBases` gives them. */
export function buildImage(bases: ReadonlyMap<string, string>): void {
  const files = ['-f', 'deploy/Dockerfile', '--ignorefile', 'deploy/Dockerfile.dockerignore'];
  const cache = run('npm', ['config', 'get', 'cache']).trim();
  // Health checks are Docker's and not OCI's; the cache only saves downloads.
  const from = [
    `--build-arg=NODE_IMAGE=${bases.get('node:24-bookworm-slim')}`,
    `--build-arg=BASE_IMAGE=${bases.get('debian:bookworm-slim')}`,
  ];
  const options = ['--format=docker', '--network=host', '--pull=never', '--volume', `${cache}:/root/.npm`];
  run('podman', ['build', '--quiet', ...files, ...from, ...options, '-t', image, root]);
}
