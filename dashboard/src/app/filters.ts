/** A view's filters as its address holds them: only the names it knows, only texts, never longer than the API takes. */
export function filtersOf<const Name extends string>(names: readonly Name[]) {
  return (search: Record<string, unknown>): { [Each in Name]?: string } => {
    const filters: { [Each in Name]?: string } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value !== 'string' || value === '') continue;
      filters[name] = value.slice(0, name === 'q' ? 1000 : 255);
    }
    return filters;
  };
}

/**
 * The part of an address behind its `?`. Filters are texts and stand there as they are: read as JSON, which is the router's
 * own way, `q="cd /tmp"` lost its quotation marks, and so meant another search.
 */
export function readSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function writeSearch(filters: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(filters).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === 0 ? '' : `?${new URLSearchParams(texts)}`;
}
