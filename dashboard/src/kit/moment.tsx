const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});

/** The time in the reader's zone; hovering tells it in UTC, as it is stored. Another day says which. */
export function Moment({ iso }: { iso: string }) {
  const at = new Date(iso);
  const isToday = at.getTime() >= new Date().setHours(0, 0, 0, 0);
  return (
    <time dateTime={iso} title={`${iso} (UTC)`} className="whitespace-nowrap tabular-nums">
      {(isToday ? timeOfDay : dayAndTime).format(at)}
    </time>
  );
}

/** How long ago, in its largest sensible unit. */
export function age(seconds: number | null): string {
  if (seconds === null) return 'never';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** `durationOf('…T10:00:00Z', '…T10:01:30Z')` is `90 s`. */
export function durationOf(startIso: string, endIso: string): string {
  return age(Math.max(0, (Date.parse(endIso) - Date.parse(startIso)) / 1000));
}

/** In units of 1024. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 ** 2) return `${(count / 1024).toFixed(1)} KiB`;
  if (count < 1024 ** 3) return `${(count / 1024 ** 2).toFixed(1)} MiB`;
  return `${(count / 1024 ** 3).toFixed(2)} GiB`;
}
