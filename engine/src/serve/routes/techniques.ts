import { ErrorBody } from '@cerberusmesh/contract/api';
import { TechniqueStats } from '@cerberusmesh/contract/api-techniques';
import { NavigatorLayer } from '@cerberusmesh/contract/navigator-layer';
import type { Api } from '../api.ts';
import { toNavigatorLayer } from '../navigator-layer.ts';

export interface TechniqueQueries {
  readTechniques(): Promise<readonly { id: string; events: number; first_seen: string; last_seen: string }[]>;
}

/** What ATT&CK calls things; read from the catalogue that the rules are checked against. */
export interface AttackNames {
  readonly version: string;
  readonly notice: string;
  readonly tactics: readonly { readonly id: string; readonly name: string }[];
  techniqueName(id: string): string | undefined;
  /** The first is the usual one; a technique is shown below that one only, so that nothing is counted twice. */
  tacticsOf(id: string): readonly string[];
}

/** Counts of techniques, for the matrix and as a Navigator layer. */
export function addTechniqueRoutes(api: Api, queries: TechniqueQueries, attack: AttackNames): void {
  api.get(
    '/api/stats/techniques',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['stats'],
        summary: 'The ATT&CK matrix: techniques that were seen, by tactic',
        response: { 200: TechniqueStats, default: ErrorBody },
      },
    },
    async () => {
      const seen = await queries.readTechniques();
      const tactics = attack.tactics.toSorted(inMatrixOrder).map(({ id, name }) => ({
        id,
        name,
        techniques: seen
          .filter((technique) => attack.tacticsOf(technique.id)[0] === name)
          .map((technique) => ({ ...technique, name: attack.techniqueName(technique.id) ?? technique.id })),
      }));
      return { version: attack.version, tactics, attribution: attack.notice };
    },
  );

  api.get(
    '/api/stats/techniques/navigator',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['stats'],
        summary: "Techniques that were seen as a layer (4.5) of MITRE's ATT&CK Navigator",
        response: { 200: NavigatorLayer, default: ErrorBody },
      },
    },
    async (_request, reply) => {
      void reply.header('content-disposition', 'attachment; filename="cerberusmesh-layer.json"');
      return toNavigatorLayer(await queries.readTechniques(), attack.version);
    },
  );
}

/** As an attack goes, which the numbers of the tactics do not tell. */
const matrixOrder = [
  ...['TA0043', 'TA0042', 'TA0001', 'TA0002', 'TA0003', 'TA0004', 'TA0005', 'TA0006'],
  ...['TA0007', 'TA0008', 'TA0009', 'TA0011', 'TA0010', 'TA0040'],
];

/** A tactic that is not among them comes last. */
function inMatrixOrder(a: { readonly id: string }, b: { readonly id: string }): number {
  return placeOf(a.id) - placeOf(b.id);
}

function placeOf(id: string): number {
  const place = matrixOrder.indexOf(id);
  return place < 0 ? matrixOrder.length : place;
}
