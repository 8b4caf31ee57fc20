import { type Call, fail, type Program, type Result, say } from '../program.ts';
import { accountUsages } from './account-usages.ts';

/** A program for accounts that says how it is called where it is asked, called without words, or with an option that it has not. */
export function withUsage(program: Program): Program {
  return function told(call: Call): Result | Promise<Result> {
    const usage = accountUsages[call.name];
    if (usage === undefined || call.machine.persona.os.family === 'busybox') return program(call);
    if (call.args.some((arg) => arg === '--help' || arg === '-h')) return say(usage);
    if (call.args.length === 0) return fail(usage, 2);
    const wrong = unknownOption(call.args, usage);
    return wrong === undefined ? program(call) : fail(`${call.name}: ${wrong}\n${usage}`, 2);
  };
}

/** As getopt names it; what the usage lists is known. */
function unknownOption(args: readonly string[], usage: string): string | undefined {
  for (const arg of args) {
    if (arg === '--') return undefined;
    const [, long] = /^--([\w-]+)/.exec(arg) ?? [];
    if (long !== undefined && !usage.includes(`--${long}`)) return `unrecognized option '--${long}'`;
    const [, letter] = /^-([a-zA-Z])/.exec(arg) ?? [];
    if (letter !== undefined && !usage.includes(`  -${letter}, `)) return `invalid option -- '${letter}'`;
  }
  return undefined;
}
