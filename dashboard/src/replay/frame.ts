import { create, type Recording as PlayedRecording, type Player } from 'asciinema-player';
import 'asciinema-player/dist/bundle/asciinema-player.css';
import './frame.css';
import type { FromFrame, ToFrame } from './messages.ts';

/**
 * The page in the frame. A terminal emulator reads what attackers wrote, so it stands alone: without our origin, our
 * cookie, a way to the API or to anywhere else. All it gets is the recording, all it gives is the time.
 */
const screen = document.getElementById('screen');
let player: Player | undefined;
const tickMs = 200;

addEventListener('message', ({ source, data }: MessageEvent<ToFrame>) => {
  if (source !== parent || screen === null) return;
  if (data.kind === 'seek') void player?.seek(data.seconds).then(tell);
  else {
    player?.dispose();
    const { cols, rows, events } = data.recording;
    const parser = (): PlayedRecording => ({ cols, rows, events: events.map(([at, code, text]) => [at, code, text]) });
    player = create({ data: '', parser }, screen, { fit: 'width', preload: true, controls: true });
  }
});
// The player leaves its screen without a name, and makes it when it likes.
addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLPreElement) target.ariaLabel = 'What the terminal showed';
});
setInterval(tell, tickMs);
say({ kind: 'ready' });

function tell(): void {
  // Its type says a number; it is a promise of one where the player works in a thread.
  if (player) void Promise.resolve(player.getCurrentTime()).then((seconds) => say({ kind: 'at', seconds }));
}

function say(message: FromFrame): void {
  // Our own origin is no origin here, so the page above cannot be named; there is nothing secret in it.
  parent.postMessage(message, '*');
}
