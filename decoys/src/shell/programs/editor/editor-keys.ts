const named: Readonly<Record<string, string>> = {
  ...{ '[A': 'up', '[B': 'down', '[C': 'right', '[D': 'left', '[H': 'home', '[F': 'end' },
  ...{ '[1~': 'home', '[4~': 'end', '[3~': 'delete', '[5~': 'page up', '[6~': 'page down' },
};

/** Before letters that came together: no name of a key begins so. */
const together = '\0';
const runMax = 4_096;

/**
 * The keys of what a terminal sends: letters as they are, arrows and the like by name, Esc as `escape`. While letters are text, those that
 * come together are one: text that is pasted into a long line letter by letter costs the square of its length.
 */
export function* keysOf(text: string, isTyping: () => boolean = () => false): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    const [run = ''] = isTyping() ? (/^\P{Cc}{2,}/u.exec(text.slice(at, at + runMax)) ?? []) : [];
    if (run !== '') {
      at += run.length - 1;
      yield together + run;
      continue;
    }
    const letter = text[at] ?? '';
    const [sequence] = letter === '\x1b' ? (/^(?:\[[0-9;]*[A-Za-z~]|O[A-Z])/.exec(text.slice(at + 1)) ?? []) : [];
    if (sequence !== undefined) {
      at += sequence.length;
      const name = named[sequence.replace(/^O/, '[')];
      if (name !== undefined) yield name;
    } else yield letter === '\x1b' ? 'escape' : letter;
  }
}

/** The letters that came together, where a key is that. */
export function lettersOf(key: string): string | undefined {
  return key.startsWith(together) && key.length > 1 ? key.slice(1) : undefined;
}
