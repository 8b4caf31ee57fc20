export type Matrix = Readonly<Record<string, string | number>>;

/** What of a step of GitHub Actions is used here. */
export interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a step is carried out on this machine, or why it is not. */
export type StepPlan =
  | { readonly kind: 'checkout' }
  | { readonly kind: 'node'; readonly major: number }
  | { readonly kind: 'run'; readonly script: string; readonly note?: string }
  | { readonly kind: 'not here'; readonly why: string };

const actionsNotHere: Readonly<Record<string, string>> = {
  'actions/upload-artifact': 'keeps a file at GitHub',
  'actions/dependency-review-action': "asks GitHub's database of advisories",
  'actions/attest-build-provenance': "signs with GitHub's identity of the run",
  'gitleaks/gitleaks-action': 'its program comes from GitHub',
  'github/codeql-action/init': 'its program comes from GitHub',
  'github/codeql-action/analyze': 'its program comes from GitHub',
  'docker/setup-buildx-action': 'needs Docker',
  'docker/login-action': 'needs a registry of images',
  'docker/build-push-action': 'pushes to a registry; `npm run deploy-test -- containers` builds the same Dockerfile',
};

/** What `npm test` runs where not all is wanted: a file of units, one of the store, and recordings the whole way. */
const someTests =
  'contract engine/src/store/migrate.test.ts engine/src/store/write-batch.test.ts engine/test/golden.test.ts';

/** @throws Error where an action is not known here: whoever adds one says what becomes of it. */
export function planStep(step: Step, matrix: Matrix, isWhole: boolean): StepPlan {
  if (step.uses !== undefined) return planAction(step.uses, step.with ?? {});
  const script = (step.run ?? '').replaceAll(/\$\{\{\s*matrix\.(\w+)\s*\}\}/g, (_, key: string) =>
    String(matrix[key] ?? ''),
  );
  if (/^gh release/.test(script)) return { kind: 'not here', why: 'makes a release at GitHub' };
  // As root, and not on the machine of whoever tries this.
  const packages = /apt-get install -y --no-install-recommends (.+)$/.exec(script)?.[1];
  if (packages !== undefined)
    return {
      kind: 'run',
      script: `apt-cache show ${packages} > /dev/null`,
      note: 'only looked whether Debian has them',
    };
  if (/^npm publish/.test(script))
    return {
      kind: 'run',
      script: script.replace('--provenance', '--dry-run'),
      note: '--dry-run in place of --provenance, which GitHub signs',
    };
  if (isWhole) return { kind: 'run', script: script.replace(/^sudo /, '') };
  if (/^npm test --/.test(script)) return { kind: 'not here', why: 'the whole suite with coverage; runs with --whole' };
  if (script === 'npm test')
    return { kind: 'run', script: `${script} -- ${someTests}`, note: `of the tests only ${someTests}` };
  const proof = /npm run deploy-test -- (\w+)/.exec(script)?.[1];
  if (proof !== undefined)
    return { kind: 'not here', why: `a proof by itself: npm run deploy-test -- ${proof}; runs with --whole` };
  return { kind: 'run', script };
}

/** What this machine lacks, where that is why a step failed. */
export function lackOf(said: string): string | undefined {
  return said.includes('audit endpoint returned an error')
    ? 'the registry of this machine answers no audits'
    : undefined;
}

function planAction(uses: string, given: Readonly<Record<string, unknown>>): StepPlan {
  const action = uses.replace(/@.*/, '');
  if (action === 'actions/checkout') return { kind: 'checkout' };
  if (action === 'actions/setup-node') return { kind: 'node', major: Number(given['node-version']) };
  const why = actionsNotHere[action];
  if (why === undefined)
    throw new Error(`What becomes of ${action} outside GitHub? Say so in deploy/test/workflow-steps.ts.`);
  return { kind: 'not here', why };
}
