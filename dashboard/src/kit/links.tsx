import { Link } from '@tanstack/react-router';
import { Untrusted } from './untrusted.tsx';

/** ATT&CK ids; beyond `max` of them it is told how many more, and which on hover. */
export function Techniques({ ids, max = ids.length }: { ids: readonly string[]; max?: number }) {
  return (
    <>
      {ids.slice(0, max).map((id) => (
        <span key={id} className="mr-1 inline-block rounded border border-line px-1 font-mono text-[0.72rem] text-soft">
          {id}
        </span>
      ))}
      {ids.length > max && (
        <span title={ids.slice(max).join(' ')} className="text-[0.75rem] text-soft">
          +{ids.length - max}
        </span>
      )}
    </>
  );
}

/** An address, leading to what is known of it. */
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

/** Leads to an event; see above. Underlined where it stands within a sentence: colour alone would not tell it from the words around it. */
export function PlainEventLink({
  id,
  isInText = false,
  children,
}: {
  id: string;
  isInText?: boolean;
  children: React.ReactNode;
}) {
  return (
    <a
      href={`#/events/${encodeURIComponent(id)}`}
      className={`text-soft ${isInText ? 'underline' : 'hover:underline'}`}
    >
      {children}
    </a>
  );
}

/** A session, of the sensor that is meant: two may give the same id. */
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
