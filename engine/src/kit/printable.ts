/**
 * What a terminal must not get from a stranger: C0 (ESC begins every control sequence), DEL, C1 (CSI in one
 * character), line and paragraph separators, the marks that turn the direction of text, and lone surrogates.
 */
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/** The text with everything that a terminal would act on shown as `\u001b`; what a person can read stays. */
export function printable(text: string): string {
  return text.replace(unprintable, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
