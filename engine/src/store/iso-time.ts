/** SQL that gives a timestamptz column as ISO 8601 with microseconds in UTC, as the API says times. */
export function isoTime(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
