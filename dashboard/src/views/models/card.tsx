import type { ModelCard } from '@cerberusmesh/contract/models';
import { Facts } from '../../kit/facts.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Calibration } from './calibration.tsx';

/** What a reader of a model must know. */
export function Card({ card }: { card: ModelCard }) {
  return (
    <Panel title={titleOf(card.model)} aside={card.version}>
      <p className="mb-2">{card.purpose}</p>
      <Facts
        facts={[
          ['Method', card.method],
          ['Measured by', card.measuredBy],
          ...Object.entries(card.figures).map(([name, value]) => [inWords(name), figure(value)] as const),
        ]}
      />
      {card.confusion && <Confusion {...card.confusion} />}
      {card.calibration && card.calibration.length > 0 && <Calibration bins={card.calibration} />}
      {card.weaknesses.length > 0 && (
        <>
          <h3 className="mt-3 font-semibold">Known weaknesses</h3>
          <ul className="list-disc pl-5 text-[0.85rem]">
            {card.weaknesses.map((weakness) => (
              <li key={weakness}>{weakness}</li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

/** `session anomaly` as the heading `Session anomaly`. */
function titleOf(model: string): string {
  return model.charAt(0).toUpperCase() + model.slice(1);
}

/** Rows are what it was, columns what was told. */
function Confusion({ labels, rows }: NonNullable<ModelCard['confusion']>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys.
    <section className="mt-3 overflow-x-auto" aria-label="Confusion matrix" tabIndex={0}>
      <table className="text-[0.8rem] tabular-nums">
        <thead>
          <tr>
            <th scope="col" className="pr-2 text-left text-soft">
              was ↓ told →
            </th>
            {labels.map((label) => (
              <th key={label} scope="col" className="px-1 font-normal text-soft">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={labels[at]}>
              <th scope="row" className="pr-2 text-left font-normal text-soft">
                {labels[at]}
              </th>
              {row.map((count, column) => (
                <td key={labels[column]} className={`px-1 text-right ${at === column ? 'font-semibold' : ''}`}>
                  {count.toLocaleString()}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What no split of its name explains. */
const figureWords = new Map([
  ['auc', 'tells a person from a script (area under the curve; 0.5 is a guess, 1 is always right)'],
  ['aucInterval', 'the same, 95 % interval'],
  ['kappa', 'agreement with raters beyond chance (weighted kappa; 1 is full)'],
  ['kappaInterval', 'the same, 95 % interval'],
  ['kappaPerShape', 'the same, each shape counted once'],
  ['kappaPerShapeInterval', 'the same, each shape counted once, 95 % interval'],
  ['temperature', 'by which its confidence was corrected (above 1: it was too sure)'],
  ['macroF1', 'F1, mean over the classes (1 is best)'],
  ['fidelity', 'the whole sequence of tactics is right'],
  ['learned', 'sequences learned from'],
  ['novelAboveKnown', 'a new one is called newer than a known one'],
  ['novelAboveVariants', 'a new one is called newer than a variant'],
  ['humanAboveKnown', 'a person is called newer than a known script'],
  ['humanAboveVariants', 'a person is called newer than a variant'],
]);

/** `accuracyWhereAnswered`, as a card calls it, for people. */
function inWords(name: string): string {
  const words = figureWords.get(name);
  if (words !== undefined) return words;
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`).replace(/\bf1\b/, 'F1');
}

function figure(value: unknown): string {
  if (typeof value === 'number') return (Math.round(value * 10_000) / 10_000).toLocaleString();
  return Array.isArray(value) ? value.map(figure).join(' – ') : JSON.stringify(value);
}
