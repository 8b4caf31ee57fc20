/** A view's filters as its address holds them: only the names it knows, only texts, never longer than the API takes. */
export function filtersOf<const Name extends string>(names: readonly Name[]) {
  return (search: Record<string, unknown>): { [Each in Name]?: string } => {
    const filters: { [Each in Name]?: string } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        const text = String(value).slice(0, name === 'q' ? 1000 : 255);
        if (text !== '') filters[name] = text;
      }
    }
    return filters;
  };
}
