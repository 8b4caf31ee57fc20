/** What a tail has to tell. Who listens decides what is logged and what is counted; nothing here is lost data unless said. */
export interface TailTelemetry {
  sourceAppeared(told: { readonly path: string }): void;
  /** The file is gone; what was open of it is read on, and its return is waited for. */
  sourceVanished(told: { readonly path: string }): void;
  rotated(told: { readonly from: string; readonly to: string }): void;
  /** The content was taken away under the same name; its unread rest goes on in `restFoundIn`, or is nowhere. */
  truncated(told: { readonly path: string; readonly restFoundIn: string | undefined }): void;
  /** The stored position has another form; the live file is read from its beginning. */
  positionUnusable(told: { readonly path: string; readonly why: string }): void;
  /** No file holds the content that was read last; everything written since is read. */
  positionFileGone(told: { readonly path: string; readonly lastFile: string }): void;
  /** Said once per trouble; `explanation` names path, need and fix. Reading is tried again until it works. */
  unreadable(told: { readonly path: string; readonly explanation: string }): void;
  readableAgain(told: { readonly path: string }): void;
  /** A compressed file ends in damage: its lines before that were read, what comes after is lost. */
  damaged(told: { readonly path: string; readonly explanation: string }): void;
}
