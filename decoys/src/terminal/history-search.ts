export type HistorySearch = ReturnType<typeof createHistorySearch>;

const wantedMax = 200;

/** Ctrl-R: the latest line that holds what is typed, and with each further Ctrl-R an older one. */
export function createHistorySearch(history: readonly string[]) {
  let wanted = '';
  let at = history.length;
  let isFailed = false;

  return {
    /** @returns whether the key belongs to the search */
    press(key: string): boolean {
      if (key === '\x12') look(at - 1);
      else if (key === '\x7f' || key === '\b') {
        wanted = wanted.slice(0, -1);
        look(history.length - 1);
      } else if (key.length === 1 && key >= ' ' && wanted.length < wantedMax) {
        wanted += key;
        look(Math.min(at, history.length - 1));
      } else return false;
      return true;
    },
    found: (): string | undefined => history[at],
    /** As bash draws it in the place of the prompt. */
    shown: () => `(${isFailed ? 'failed ' : ''}reverse-i-search)\`${wanted}': ${history[at] ?? ''}`,
  };

  function look(from: number): void {
    isFailed = false;
    if (wanted === '') return;
    for (let place = from; place >= 0; place--) {
      if (!history[place]?.includes(wanted)) continue;
      at = place;
      return;
    }
    isFailed = true;
  }
}
