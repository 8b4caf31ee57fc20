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
