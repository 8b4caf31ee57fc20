/** What OpenSSH says, and closes, where a client's first line is no greeting of SSH 2; undefined where it is one. */
export function refuseGreeting(first: Buffer): string | undefined {
  const text = first.toString('latin1', 0, 64);
  if (!text.startsWith('SSH-'.slice(0, text.length))) return 'Invalid SSH identification string.';
  const version = /^SSH-([^-\r\n]*)-/.exec(text)?.[1];
  return version === undefined || version === '2.0' || version === '1.99'
    ? undefined
    : 'Protocol major versions differ.\r\n';
}
