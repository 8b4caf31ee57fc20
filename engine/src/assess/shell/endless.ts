/** Where arithmetic may begin; of `${a:…}` too, whose offset and length are arithmetic. */
const arithmetic = /\(\(|\$\[|\$\{[^}\s:]*:/;
/** A `$` that begins no expansion. */
const bareDollar = /\$(?![\w{(?#$!@*"'-])/;
const indexed = /\$\{[!#]?\w*\[/;

/**
 * Texts on which just-bash's parser never ends and takes memory until the process is killed, found by our property tests: a
 * `$` in arithmetic that begins no expansion (`$((1+$))`, `${a:$}`), and an index that is not closed, with a `}` before it
 * (`}${a[`). A visitor who typed one would have ended the engine. Neither is shell that runs, but a few texts that are go
 * with them (`$((1)); grep 'a$'`); they are read word by word.
 */
export function isEndless(text: string): boolean {
  const opened = text.search(arithmetic);
  if (opened !== -1 && bareDollar.test(text.slice(opened))) return true;
  const from = text.search(indexed);
  return from !== -1 && isLeftOpen(text, from);
}

/** Whether a bracket is not closed from there on; in one pass, whatever is nested. */
function isLeftOpen(text: string, from: number): boolean {
  let open = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '[') open++;
    else if (text[at] === ']' && open > 0) open--;
  }
  return open > 0;
}
