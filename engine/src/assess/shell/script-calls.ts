import { foldLiterals, unquoted } from './script-literals.ts';

/** Calls that hand a text, or a list of words, to a shell or start a program; after `foldLiterals`, so in double quotes. */
const callOfShell =
  /\b(?:system|popen|exec[lv]?p?e?|check_output|check_call|getoutput|call|run|Popen|spawn|spawnSync|execSync|execFile|shell_exec|passthru|proc_open|os\.execute)\s*\(?\s*\[?\s*"((?:[^"\\]|\\.){2,8192})"((?:\s*,\s*\[?\s*"(?:[^"\\]|\\.){0,2048}"){0,16})/g;
/** Text that is run as more of the same language. */
const moreScript = /\b(?:exec|eval|compile|assert|instance_eval|loadstring)\s*\(?\s*"((?:[^"\\]|\\.){2,65536})"/g;
const depthMax = 4;
const textsMax = 16;

/** Shell text within a one-line script: what it hands to `system`, `popen`, `exec` …, what it decodes for them included. */
export function calledFromScript(args: readonly string[], depth = 0): string[] {
  const script = args.filter((arg) => !/^-[A-Za-z]*$/.test(arg)).join('\n');
  const folded = foldLiterals(script);
  const texts: string[] = [];
  for (const [, body = ''] of script.slice(0, 8_192).matchAll(/`([^`]{2,2000})`/g)) texts.push(body);
  for (const [, body = '', others = ''] of folded.matchAll(callOfShell)) {
    const rest = [...others.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => quoteWord(unquoted(word)));
    texts.push([unquoted(body), ...rest].join(' '));
  }
  if (depth < depthMax)
    for (const [, body = ''] of folded.matchAll(moreScript))
      texts.push(...calledFromScript([unquoted(body)], depth + 1));
  return texts.slice(0, textsMax);
}

/** Keeps a decoded word one word when it is read as shell text again. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
