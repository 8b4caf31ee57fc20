import { Untrusted } from './untrusted.tsx';

/** What a session does, folded; its statements stand in lines, which a row shows one after the other. */
export function Shape({ text, max }: { text: string; max: number }) {
  return <Untrusted text={text.replaceAll('\n', '; ')} mono max={max} />;
}
