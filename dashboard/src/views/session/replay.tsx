import { useEffect, useRef, useState } from 'react';
import { Panel } from '../../kit/panel.tsx';
import { readFromFrame, type ToFrame } from '../../replay/messages.ts';
import type { ReadCast } from '../../replay/read-cast.ts';

/**
 * Plays a recording in a frame of its own (see `replay/frame.ts`). `seekTo` moves it; `onTime` hears where it is, in
 * seconds of the uncut recording.
 */
export function Replay({
  cast,
  seekTo,
  onTime,
}: {
  cast: ReadCast;
  seekTo: { readonly seconds: number } | undefined;
  onTime: (seconds: number) => void;
}) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [isReady, setReady] = useState(false);

  useEffect(() => {
    addEventListener('message', hear);
    return () => removeEventListener('message', hear);

    function hear({ source, data }: MessageEvent<unknown>): void {
      if (source !== frame.current?.contentWindow) return;
      const said = readFromFrame(data);
      if (said?.kind === 'ready') setReady(true);
      else if (said?.kind === 'at') onTime(cast.realAt(said.seconds));
    }
  }, [cast, onTime]);

  useEffect(() => {
    if (isReady) say(frame.current, { kind: 'show', recording: cast.recording });
  }, [isReady, cast]);

  useEffect(() => {
    if (isReady && seekTo) say(frame.current, { kind: 'seek', seconds: cast.shownAt(seekTo.seconds) });
  }, [isReady, seekTo, cast]);

  return (
    <div className="top-13 z-[5] lg:sticky">
      <Panel title="What he saw and typed" aside="idle times are cut to two seconds">
        <iframe
          ref={frame}
          title="Terminal recording"
          src="/replay.html"
          sandbox="allow-scripts"
          className="aspect-[16/11] w-full rounded border border-line"
        />
      </Panel>
    </div>
  );
}

function say(frame: HTMLIFrameElement | null, message: ToFrame): void {
  // The frame has no origin that could be named.
  frame?.contentWindow?.postMessage(message, '*');
}
