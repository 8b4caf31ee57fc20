/** What is too slow for `npm test`: each proof builds and runs what a user would, and prints what it saw. */
const proofs: Record<string, () => Promise<object>> = {
  package: async () => await (await import('./package.ts')).provePackage(),
  containers: async () => await (await import('./containers.ts')).proveContainers(),
  sensor: async () => await (await import('./sensor.ts')).proveSensor(),
  services: async () => await (await import('./services.ts')).proveServices(),
  workflows: async () => await (await import('./workflows.ts')).proveWorkflows(),
  helm: async () => await (await import('./helm.ts')).proveHelm(),
  upgrade: async () => await (await import('./upgrade.ts')).proveUpgrade(),
  fresh: async () => await (await import('./fresh.ts')).proveFreshStart(),
  metrics: async () => await (await import('./metrics.ts')).proveMetrics(),
};

const prove = proofs[process.argv[2] ?? ''];
if (prove) process.stdout.write(`${JSON.stringify(await prove(), null, 2)}\n`);
else {
  process.stderr.write(`Usage: npm run deploy-test -- ${Object.keys(proofs).join('|')}\n`);
  process.exitCode = 2;
}
