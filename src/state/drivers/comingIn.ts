/** Networks from elsewhere: read, asked about where something has to be told, shown before they are kept. Loaded when one comes. */

import { EUROSAT_CLASSES } from '../../lab/data/readers/eurosat';
import { sameClasses } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import { totalCost } from '../../lab/evaluate/cost';
import { imported } from '../../lab/families/imported';
import { bundlesOf } from '../../lab/families/imported/channels';
import { isOf } from '../../lab/families/registry';
import { readForeign } from '../../lab/files/foreign/read';
import { NotTold, type Told } from '../../lab/files/foreign/told';
import { encodeModel } from '../../lab/files/modelFile';
import type { AnyModel } from '../../lab/nn/model';
import { plain, plainNames } from '../../lab/plain';
import { listDatasets } from '../../storage/datasets';
import type { DatasetRow } from '../../storage/rows';
import { ask, type Came, giveUp, type ToldText, useComingIn } from '../page/comingIn';
import { useLab } from '../page/lab';
import { explain } from '../words/explain';
import { client } from './session';

/** Keeps and opens what is taken in. */
type Take = (came: Came) => Promise<void>;
let takeShown: Take = async () => {};

/** Shows what a file holds, or asks for what is missing. Ends when it was taken in or let be. Throws `BadInput` for one that cannot be read. */
export async function bringIn(bytes: Uint8Array, name: string, take: Take): Promise<void> {
  takeShown = take;
  await show(bytes, name, {});
  await new Promise<void>((resolve) => {
    const stop = useComingIn.subscribe(({ asked, came }) => {
      if (asked || came) return;
      stop();
      resolve();
    });
  });
}

/** Reads a network and shows it, or asks for what is missing. */
async function show(bytes: Uint8Array, name: string, told: Told): Promise<void> {
  try {
    const { model, kind, notes, found } = await readForeign(bytes, told, name);
    const { group, input } = model.arch;
    const symmetry =
      group === 'C1' ? 'no group was found in its filters' : `its filters are turned copies under ${group}`;
    const { params, macs } = totalCost(model.arch);
    const file = encodeModel(model);
    const came: Came = {
      ...{ name, bytes, file, kind, params, macs },
      words: [`${kind}: ${symmetry}.`, ...notes.map(withoutFlags)].join(' '),
      unprunable: await whyNotPruned(model),
      layers: found,
      ...{ size: input.size, channels: input.channels },
      classes: plainNames(model.classes),
      tried: null,
    };
    useComingIn.setState({ came, asked: null, isReading: false });
    void tryOut(came);
  } catch (error) {
    if (!(error instanceof NotTold)) throw error;
    ask({ name, bytes, problem: withoutFlags(explain(error)) });
  }
}

/** Has it look at a tile; nobody waits for that. */
async function tryOut({ file }: Came): Promise<void> {
  const tried = await client.run('tryOut', { file: new Uint8Array(file) }).result.catch(explain);
  useComingIn.setState(({ came }) => (came?.file === file ? { came: { ...came, tried } } : {}));
}

/** Back to the form, where all can be told otherwise. */
export function tellOtherwise(): void {
  const { came } = useComingIn.getState();
  if (!came) return;
  const problem = 'What its file says is taken wherever nothing is written here.';
  ask({ name: came.name, bytes: came.bytes, problem });
}

/** Keeps what is shown, and opens it. */
export async function takeIn(): Promise<void> {
  const { came } = useComingIn.getState();
  if (!came) return;
  useComingIn.setState({ isReading: true });
  try {
    await takeShown(came);
  } catch (error) {
    useLab.setState({ refusal: explain(error) });
  }
  giveUp();
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

/** Reads it with what was told in the form; what is wrong with that stands there. */
export async function readAsTold(): Promise<void> {
  const { asked, told } = useComingIn.getState();
  if (!asked) return;
  useComingIn.setState({ isReading: true });
  try {
    await show(asked.bytes, asked.name, toldIn(told));
  } catch (error) {
    ask({ ...asked, problem: withoutFlags(explain(error)) });
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
