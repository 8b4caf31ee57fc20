/** What a session left beside its events: a recording of its terminal, or a file that it brought. */
export type ArtifactForm = 'ttylog' | 'asciicast' | 'file';

/** An artifact that an event told of, before its content was brought in. */
export interface ArtifactSighting {
  readonly eventId: string;
  readonly kind: 'recording' | 'download' | 'upload';
  /** What the honeypot calls it; of Cowrie's terminal logs the hash of what was typed, of all else of the content. */
  readonly namedSha256: string;
  /** As the honeypot said it: relative to its folder, absolute, or only a name. Never trusted. */
  readonly path: string;
  /** The log that told of it; of a sensor elsewhere the id of its source. */
  readonly logPath: string;
  readonly seenAt: Date;
  readonly attempts: number;
}

/** A content that was read and fits what the honeypot said of it. */
export interface BroughtArtifact {
  readonly form: ArtifactForm;
  /** Of the content itself. */
  readonly sha256: string;
  readonly content: Buffer;
}
