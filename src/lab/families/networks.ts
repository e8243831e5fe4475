/** How the networks of each family run. The page's own scripts never import this: it loads the tensor engine. */
import type { AnyArch } from '../nn/arch';
import type { Classifier, Family, Networks, OpenedModel, Trainee } from './family';
import { gcnnNetworks } from './gcnn/networks';
import { importedNetworks } from './imported/networks';
import { mobileNetworks } from './mobile/networks';
import { addDescription, type FAMILIES, familyOf } from './registry';
import { vitNetworks } from './vit/networks';

/** One for each family of the registry. */
const NETWORKS: { readonly [Name in keyof typeof FAMILIES]: NetworksOf<(typeof FAMILIES)[Name]> } = {
  gcnn: gcnnNetworks,
  mobile: mobileNetworks,
  vit: vitNetworks,
  imported: importedNetworks,
};

type NetworksOf<Described> = Described extends Family<infer Arch> ? Networks<Arch> : never;

const known = new Map<string, Networks>(Object.entries(NETWORKS));

function networksOf(arch: AnyArch): Networks {
  const { name } = familyOf(arch);
  const found = known.get(name);
  if (!found) throw new Error(`Nothing says how the networks of the family "${name}" run.`);
  return found;
}

/** Uploads a model's parameters to the running backend; to be disposed by whoever opened it. */
export function openClassifier(model: OpenedModel): Classifier {
  return networksOf(model.arch).open(model);
}

/** A network as the loop trains it. */
export function traineeOf(arch: AnyArch): Trainee {
  return networksOf(arch).trainee(arch);
}

/** Adds a family to those listed, with both its halves, for as long as a test takes; returns what takes it away again. */
export function addFamily<Arch extends AnyArch>(family: Family<Arch>, networks: Networks<Arch>): () => void {
  const removeDescription = addDescription(family);
  known.set(family.name, networks);
  return () => {
    known.delete(family.name);
    removeDescription();
  };
}
