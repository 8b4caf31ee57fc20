/** When and with what Debian and Ubuntu made the Python of a version, as it says of itself. */
export function buildOf(version: string): { readonly built: string; readonly compiler: string } {
  const minor = Number(version.split('.')[1]);
  if (minor <= 9) return { built: 'Feb 28 2021, 17:03:44', compiler: 'GCC 10.2.1 20210110' };
  if (minor === 10) return { built: 'Nov  6 2024, 20:22:13', compiler: 'GCC 11.4.0' };
  return { built: 'Nov  5 2024, 00:05:32', compiler: 'GCC 12.2.0' };
}
