/** A shape beside each word, so that nobody needs the colour. */
const severities = new Map([
  ['CRITICAL', { shape: '■', tone: 'bg-high-ground text-high' }],
  ['HIGH', { shape: '▲', tone: 'bg-high-ground text-high' }],
  ['MEDIUM', { shape: '◆', tone: 'bg-medium-ground text-medium' }],
  ['LOW', { shape: '●', tone: 'bg-low-ground text-low' }],
]);
const unknown = { shape: '?', tone: 'bg-unknown-ground text-unknown' };

const statuses = new Map([
  ['waiting', { tone: 'bg-accent-ground text-accent', words: '… waits for approval' }],
  ['planned', { tone: 'bg-medium-ground text-medium', words: '… planned' }],
  ['dry_run', { tone: unknown.tone, words: '◌ dry run' }],
  ['applied', { tone: 'bg-medium-ground text-medium', words: '✓ applied, not verified' }],
  ['verified', { tone: 'bg-low-ground text-low', words: '✓✓ verified' }],
  ['undoing', { tone: 'bg-medium-ground text-medium', words: '… being undone' }],
  ['failed', { tone: 'bg-high-ground text-high', words: '✗ failed' }],
  ['refused', { tone: 'bg-high-ground text-high', words: '✗ refused' }],
  ['rolled_back', { tone: unknown.tone, words: '↩ undone' }],
  ['undone', { tone: unknown.tone, words: '↩ undone' }],
]);

/** A severity or a threat level, by its sign, its word and its colour. */
export function SeverityBadge({ severity }: { severity: string }) {
  const { shape, tone } = severities.get(severity) ?? unknown;
  return (
    <Badge tone={tone}>
      {shape} {severity}
    </Badge>
  );
}

/** How far an action or an adaptation is. */
export function StatusBadge({ status }: { status: string }) {
  const { tone, words } = statuses.get(status) ?? { tone: unknown.tone, words: status };
  return <Badge tone={tone}>{words}</Badge>;
}

/** A word that stands out. */
export function Badge({ children, tone = unknown.tone }: { children: React.ReactNode; tone?: string }) {
  return (
    <span className={`inline-block whitespace-nowrap rounded px-1.5 py-px text-[0.75rem] font-semibold ${tone}`}>
      {children}
    </span>
  );
}
