/** The networks of each family as ordinary operators. Loaded only where one is written down so. */
import { BadInput } from '../errors';
import type { Model } from '../nn/model';
import type { Family } from './family';
import { gcnnGraph } from './gcnn/graph';
import { importedGraph } from './imported/graph';
import { mobileGraph } from './mobile/graph';
import type { OperatorGraph } from './operators';
import { type FAMILIES, familyOf } from './registry';
import { vitGraph } from './vit/graph';

/** One for each family of the registry. */
const GRAPHS: { readonly [Name in keyof typeof FAMILIES]: GraphOf<(typeof FAMILIES)[Name]> } = {
  gcnn: gcnnGraph,
  mobile: mobileGraph,
  vit: vitGraph,
  imported: importedGraph,
};

type GraphOf<Described> =
  Described extends Family<infer Arch> ? (model: Model<Arch>) => OperatorGraph : never;

const known = new Map<string, (model: never) => OperatorGraph>(Object.entries(GRAPHS));

/** A network as ordinary operators. Throws `BadInput` where its family does not say how. */
export function graphOf(model: Model): OperatorGraph {
  const { name } = familyOf(model.arch);
  const graph = known.get(name);
  if (!graph)
    throw new BadInput(`This network is of the family "${name}", which has no form in ordinary operators.`);
  return graph(model as never);
}
