/** The `where` of a SELECT, put together from conditions that each carry their values as parameters. */
export interface Where {
  /** `condition` holds one `?` per value. */
  add(condition: string, ...values: readonly unknown[]): void;
  /** The same, unless the value is missing. */
  addIf(condition: string, value: unknown): void;
  /** Gives a value its parameter, for use outside of the conditions. */
  parameter(value: unknown): string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Conditions joined by `and`. Values only ever become parameters; the conditions themselves are our own text. */
export function createWhere(): Where {
  const conditions: string[] = [];
  const values: unknown[] = [];
  return {
    add(condition, ...given) {
      let next = 0;
      conditions.push(condition.replaceAll('?', () => this.parameter(given[next++])));
    },
    addIf(condition, value) {
      if (value !== undefined && value !== null) this.add(condition, value);
    },
    parameter(value) {
      values.push(value);
      return `$${values.length}`;
    },
    get text() {
      return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
    },
    values,
  };
}

/** ISO 8601 in UTC with microseconds, which JavaScript's Date would drop and a cursor needs. */
export function isoColumn(column: string, name: string = column.replace(/^.*\./, '')): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${name}`;
}
