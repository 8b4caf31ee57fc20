import { Link } from '@tanstack/react-router';

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
      <bdi className="break-anywhere">{address.slice(0, 64)}</bdi>
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
      {children ?? <bdi className="break-anywhere">{sessionId.slice(0, 64)}</bdi>}
    </Link>
  );
}
