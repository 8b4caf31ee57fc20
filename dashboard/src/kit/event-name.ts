/** As lists say it: nearly all are Cowrie's. */
export function eventName(eventType: string): string {
  return eventType.replace(/^cowrie\./, '');
}
