/** Networks from elsewhere: read, and asked about where something has to be told. Loaded when one comes. */

import { EUROSAT_CLASSES } from '../../lab/data/readers/eurosat';
import { sameClasses } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import { imported } from '../../lab/families/imported';
import { bundlesOf } from '../../lab/families/imported/channels';
import { isOf } from '../../lab/families/registry';
import { readForeign } from '../../lab/files/foreign/read';
import { NotTold, type Told } from '../../lab/files/foreign/told';
import { encodeModel } from '../../lab/files/modelFile';
import type { AnyModel } from '../../lab/nn/model';
import { plain } from '../../lab/plain';
import { listDatasets } from '../../storage/datasets';
import type { DatasetRow } from '../../storage/rows';
import { ask, type ToldText, useComingIn } from '../page/comingIn';
import { explain } from '../words/explain';

export interface CameIn {
  /** As a file of the lab. */
  readonly file: Uint8Array;
  readonly kind: string;
  /** Why it is not opened under Prune, in a sentence; null: it is. */
  readonly unprunable: string | null;
  /** What it is, and what was taken to be so. */
  readonly words: string;
}

/** Reads a network, or asks for what is missing: then null. Throws `BadInput` for one that cannot be read. */
export async function readIn(bytes: Uint8Array, name: string, told: Told = {}): Promise<CameIn | null> {
  try {
    const { model, kind, notes } = await readForeign(bytes, told, name);
    const { group } = model.arch;
    const symmetry =
      group === 'C1' ? 'no group was found in its filters' : `its filters are turned copies under ${group}`;
    const words = [`Taken in as ${kind}: ${symmetry}.`, ...notes.map(withoutFlags)].join(' ');
    return { file: encodeModel(model), kind, unprunable: await whyNotPruned(model), words };
  } catch (error) {
    if (!(error instanceof NotTold)) throw error;
    ask({ name, bytes, problem: withoutFlags(explain(error)) });
    return null;
  }
}

/** Why nothing of a network is pruned here, or not yet. */
async function whyNotPruned(model: AnyModel): Promise<string | null> {
  if (isOf(imported, model) && bundlesOf(model.arch).length === 0)
    return 'It is opened here, under Rotate: nothing of it can be pruned, for whatever its layers leave is part of its answer.';
  const { input } = model.arch;
  const fits = ({ classes, channels = 3 }: Pick<DatasetRow, 'classes' | 'channels'>) =>
    sameClasses(classes, model.classes) && channels === input.channels;
  const isPainted = fits({ classes: EUROSAT_CLASSES });
  if (isPainted || (await listDatasets()).some(fits)) return null;
  return 'It is opened here, under Rotate. To prune it, bring tiles with its classes under Data, and choose it under Prune.';
}

/**
 * A network from elsewhere as a file of the lab, without asking. Throws `BadInput` for one that cannot be read, or that does
 * not say all that is needed.
 */
export async function readWithoutAsking(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  try {
    return encodeModel((await readForeign(bytes, {}, name)).model);
  } catch (error) {
    if (!(error instanceof NotTold)) throw error;
    throw new BadInput(
      `${withoutFlags(explain(error))} Open it in the page first, where that is asked for, save it, and choose that file.`,
    );
  }
}

/** Sentences of the lab name the flags of the command line, of which a page has none. */
const withoutFlags = (sentence: string): string => sentence.replaceAll(/ \(--[^()]*\)/g, '');

/** The same with what was told in the form; what is wrong with that stands there. */
export async function readAsTold(): Promise<(CameIn & { readonly name: string }) | null> {
  const { asked, told } = useComingIn.getState();
  if (!asked) return null;
  useComingIn.setState({ isReading: true });
  try {
    const came = await readIn(asked.bytes, asked.name, toldIn(told));
    return came && { ...came, name: asked.name };
  } catch (error) {
    ask({ ...asked, problem: withoutFlags(explain(error)) });
    return null;
  }
}

/** Throws `BadInput` for what is no number. */
function toldIn({ size, mean, std, classes, layers }: ToldText): Told {
  const row = (what: string, text: string) => {
    const values = text
      .split(/[\s,;]+/)
      .filter((part) => part !== '')
      .map(Number);
    if (values.some((value) => !Number.isFinite(value)))
      throw new BadInput(`${what} takes numbers with commas between, not “${plain(text)}”.`);
    return values;
  };
  const [sizes, means, deviations] = [row('Size', size), row('Mean', mean), row('Deviation', std)];
  const names = classes
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return {
    ...(sizes.length > 0 && { size: sizes[0] }),
    ...(means.length > 0 && { mean: means }),
    ...(deviations.length > 0 && { std: deviations }),
    ...(names.length > 0 && { classes: names }),
    ...(layers.trim() !== '' && { layers }),
  };
}
