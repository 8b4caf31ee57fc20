import { type Call, fail, type Programs, type Result, readOptions } from '../program.ts';

export const netcatPrograms: Programs = { nc, netcat: nc };

const ncUsage =
  'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n';

/** OpenBSD's. One that listens waits as long as its visitor does: nobody ever comes. */
async function nc({ args, name, shell }: Call): Promise<Result> {
  const fault = ncFault(args);
  if (fault !== undefined) return fail(`${name}: ${fault}\n${ncUsage}`);
  const { flags, rest } = readOptions(args, 'wpsqIiMmOPTVWXx');
  if (flags.has('h')) return fail(`OpenBSD netcat (Debian patchlevel 1.219-1)\n${ncUsage}`, 0);
  const [host, port] = rest;
  if (flags.has('l')) {
    const said = flags.has('v') ? `Listening on 0.0.0.0 ${flags.get('p') ?? host ?? port ?? ''}\n` : '';
    const waits = await shell.exec?.('sleep 600', { cwd: shell.cwd, env: {} });
    return { stderr: said, exitCode: waits?.exitCode ?? 1 };
  }
  if (!host || !port) return fail(ncUsage);
  const isNear = /^(?:127\.|localhost$|0\.0\.0\.0$)/.test(host);
  if (flags.has('u')) return isNear ? {} : fail('');
  const why = isNear ? 'Connection refused' : 'No route to host';
  return flags.has('v') ? fail(`${name}: connect to ${host} port ${port} (tcp) failed: ${why}\n`) : fail('');
}

/** Debian's has no `-e` and no `-c`, which is what many a visitor wants. */
function ncFault(args: readonly string[]): string | undefined {
  for (const [at, arg] of args.entries()) {
    if (!/^-[^-]/.test(arg)) continue;
    for (const [index, letter] of [...arg.slice(1)].entries()) {
      if (!/[46CDdFhklNnrStUuvZzwpsqIiMmOPTVWXxb]/.test(letter)) return `invalid option -- '${letter}'`;
      if (!/[wpsqIiMmOPTVWXx]/.test(letter)) continue;
      if (index + 2 === arg.length && args[at + 1] === undefined) return `option requires an argument -- '${letter}'`;
      break;
    }
  }
  return undefined;
}
