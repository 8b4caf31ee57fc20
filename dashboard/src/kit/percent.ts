/** `percent(0.314)` is `31 %`; what is not known is a dash. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}
