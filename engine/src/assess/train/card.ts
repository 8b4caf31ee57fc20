import type { CalibrationBin } from '@cerberusmesh/contract/models';

/** What a reader of a model must know, written beside it as JSON and as text. */
export interface ModelCard {
  readonly model: string;
  readonly version: string;
  readonly purpose: string;
  readonly method: string;
  readonly trainedOn: readonly { readonly name: string; readonly count: number; readonly note: string }[];
  readonly features: number;
  readonly measuredBy: string;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly confusion?:
    | { readonly labels: readonly string[]; readonly rows: readonly (readonly number[])[] }
    | undefined;
  readonly calibration?: readonly CalibrationBin[] | undefined;
  readonly weaknesses: readonly string[];
}

/** The card in Markdown, as it lies beside its model. */
export function cardText(card: ModelCard): string {
  return [
    `# ${card.model}, version ${card.version}`,
    card.purpose,
    `**Method.** ${card.method}`,
    `**Trained on.**\n${card.trainedOn.map(({ name, count, note }) => `- ${name}: ${count}. ${note}`).join('\n')}`,
    `**Features.** ${card.features}`,
    `**Measured.** ${card.measuredBy}`,
    Object.entries(card.figures)
      .map(([name, value]) => `- ${name}: ${figure(value)}`)
      .join('\n'),
    ...(card.confusion ? [confusionTable(card.confusion)] : []),
    ...(card.calibration ? [calibrationTable(card.calibration)] : []),
    `**Known weaknesses.**\n${card.weaknesses.map((weakness) => `- ${weakness}`).join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

function confusionTable({ labels, rows }: NonNullable<ModelCard['confusion']>): string {
  const head = `| true \\ told | ${labels.join(' | ')} |`;
  const lines = rows.map((row, at) => `| ${labels[at] ?? ''} | ${row.join(' | ')} |`);
  return [head, `|${' --- |'.repeat(labels.length + 1)}`, ...lines].join('\n');
}

function calibrationTable(bins: readonly CalibrationBin[]): string {
  const lines = bins.map(({ items, confidence, right }) => `| ${figure(confidence)} | ${figure(right)} | ${items} |`);
  return ['| how sure | how often right | answers |', '| --- | --- | --- |', ...lines].join('\n');
}

function figure(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 10_000) / 10_000);
  if (Array.isArray(value)) return `[${value.map(figure).join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
