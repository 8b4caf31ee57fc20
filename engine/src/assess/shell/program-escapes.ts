import type { RunWords } from './nested-text.ts';

/** Options by which programs that are no shells run a command; the first group is its text. */
const options: readonly { readonly name: RegExp; readonly text: RegExp }[] = [
  { name: /^(?:r?vim?|view|vimdiff|ex|nvim|man|less)$/, text: /^\+?:?!\s*(.+)/s },
  { name: /^gdb$/, text: /^(?:!|shell )\s*(.+)/s },
  { name: /^(?:tar|bsdtar|gtar)$/, text: /^--(?:checkpoint-action=exec|to-command|use-compress-program)=(.+)/s },
  { name: /^git$/, text: /^(?:core\.(?:pager|sshcommand|editor|fsmonitor|gitproxy)=|alias\.\w+=!)(.+)/is },
  { name: /^(?:ssh|scp|sftp)$/, text: /^(?:-o)?(?:Proxy|Local|Remote)Command[= ](.+)/is },
  { name: /^expect$/, text: /(?:^|[;\n]\s*)(?:spawn|exec|system)\s+([^;\n]+)/ },
  { name: /^(?:sqlite3|mysql|psql)$/, text: /^(?:\.(?:shell|system)|\\!)\s*(.+)/s },
  { name: /^(?:zip)$/, text: /^-TT=?(.+)/s },
];
/** Programs that run a line of their input that begins so. */
const interactive = /^(?:less|more|man|ed|ftp|gdb|vim?|ex|view|mysql|sftp|mail)$/;
const typedEscapes = /^\s*(?::?!|\\!)\s*(.+)/gm;
const textsMax = 4;

/** Shell texts that a program which is no shell would run: `vim -c ':!sh'`, `tar --checkpoint-action=exec=sh`, `less <<< '!sh'`. */
export function escapedTexts({ name, args }: RunWords, stdin: string | null): string[] {
  const texts: string[] = [];
  for (const option of options) {
    if (!option.name.test(name)) continue;
    for (const arg of args) texts.push(option.text.exec(arg)?.[1] ?? '');
  }
  if (stdin !== null && interactive.test(name))
    for (const [, text = ''] of stdin.slice(0, 2_048).matchAll(typedEscapes)) texts.push(text);
  return texts.filter((text) => text !== '').slice(0, textsMax);
}
