import { ArchiveMark, archiveMarkOpening } from '@cerberusmesh/contract/archived-line';
import type { RawLine } from '@cerberusmesh/contract/raw-line';

export interface ArchivedLine {
  readonly mark: ArchiveMark;
  /** The row without its raw event, as JSON. */
  readonly rowJson: string;
  readonly rawJson: string;
  /** The line as it once came, with the id that it had: what came before was jsonb, whose text has another hash. */
  readonly line: RawLine;
}

/** Takes a line of one of our archives apart; undefined for any other. */
export function openArchivedLine(line: RawLine): ArchivedLine | undefined {
  if (!line.text.endsWith('}}') || line.unreadable) return undefined;
  const at = line.text.lastIndexOf(archiveMarkOpening);
  const mark = at < 0 ? undefined : parseMark(line.text.slice(at + archiveMarkOpening.length, -1));
  if (!mark) return undefined;
  const rawJson = `${line.text.slice(0, at)}}`;
  const { id: eventId, sensor, raw_bytes: hex } = mark.row;
  const known = { coveredBytes: line.coveredBytes, sensor, eventId };
  const bytes = hex === null ? undefined : Buffer.from(hex.slice(2), 'hex');
  return {
    mark,
    rowJson: JSON.stringify(mark.row),
    rawJson,
    line: bytes ? { ...known, text: bytes.toString(), bytes } : { ...known, text: rawJson },
  };
}

function parseMark(text: string): ArchiveMark | undefined {
  try {
    return ArchiveMark.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
