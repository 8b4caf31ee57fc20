import { Link } from '@tanstack/react-router';
import { Untrusted } from './untrusted.tsx';

/** ATT&CK ids. */
export function Techniques({ ids }: { ids: readonly string[] }) {
  return (
    <>
      {ids.map((id) => (
        <span key={id} className="mr-1 inline-block rounded border border-line px-1 font-mono text-[0.72rem] text-soft">
          {id}
        </span>
      ))}
    </>
  );
}

export function AttackerLink({ address }: { address: string }) {
  return (
    <Link to="/attackers/$address" params={{ address }} className="font-mono text-[0.85em] hover:underline">
      <Untrusted text={address} max={64} />
    </Link>
  );
}

/*
 * The same places for lists that change several times a second: each of the router's links listens to it, and a
 * hundred and twenty rows of two took most of a frame's time at a thousand events a second.
 */
export function PlainAttackerLink({ address }: { address: string }) {
  return (
    <a href={`#/attackers/${encodeURIComponent(address)}`} className="font-mono text-[0.85em] hover:underline">
      <Untrusted text={address} max={64} />
    </a>
  );
}

export function PlainEventLink({ id, children }: { id: string; children: React.ReactNode }) {
  return (
    <a href={`#/events/${encodeURIComponent(id)}`} className="text-soft hover:underline">
      {children}
    </a>
  );
}

export function SessionLink({
  sessionId,
  sensor,
  children,
}: {
  sessionId: string;
  sensor: string;
  children?: React.ReactNode;
}) {
  return (
    <Link
      to="/sessions/$sessionId"
      params={{ sessionId }}
      search={{ sensor }}
      className="font-mono text-[0.85em] hover:underline"
    >
      {children ?? <Untrusted text={sessionId} max={64} />}
    </Link>
  );
}
