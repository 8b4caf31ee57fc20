import { Bash } from 'just-bash';
import { expect, it } from 'vitest';
import { mendScript } from './mend-script.ts';

async function run(script: string) {
  const bash = new Bash({ executionLimits: { maxCommandCount: 500, maxLoopIterations: 100 } });
  bash.registerTransformPlugin(mendScript);
  const { stdout, stderr, exitCode } = await bash.exec(script, { rawScript: true });
  return { stdout, stderr, exitCode };
}

// Each is what bash 5.2 says.
it.each([
  ['n=0; until ((n>=3)); do n=$((n+1)); done; echo $n', '3\n'],
  ['f() { "$@"; }; f echo "a  b" c', 'a  b c\n'],
  [`all=(echo "x  y" z); "\${all[@]}"`, 'x  y z\n'],
  ['set -- echo a b; $@', 'a b\n'],
  ['g() { echo 5; }; echo $(( 2 * $(g) ))', '10\n'],
  ['f() { if (( $1 <= 1 )); then echo 1; else echo $(( $1 * $(f $(( $1 - 1 ))) )); fi; }; f 5', '120\n'],
  ["trap 'echo bye' EXIT; echo hi", 'hi\nbye\n'],
  ['T=a; trap "echo gone $T" EXIT; T=b; echo hi', 'hi\ngone a\n'],
  ["trap 'echo bye' EXIT; trap - EXIT; echo hi", 'hi\n'],
])('%s', async (script, stdout) => {
  expect(await run(script)).toEqual({ stdout, stderr: '', exitCode: 0 });
});

it('a script that is left early does what its trap asks for, and ends as it was told to', async () => {
  expect(await run("trap 'echo bye' EXIT; echo hi; exit 3; echo no")).toMatchObject({
    stdout: 'hi\nbye\n',
    exitCode: 3,
  });
});

it('a variable that must be set is told by its name', async () => {
  expect((await run(`echo "\${WANTED:?must be set}"`)).stderr).toContain('WANTED: must be set');
});
