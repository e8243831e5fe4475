/** Networks from elsewhere: read, and asked about where something has to be told. Loaded when one comes. */
import { BadInput } from '../../lab/errors';
import { sliderUnits } from '../../lab/families/units';
import { readForeign } from '../../lab/files/foreign/read';
import { NotTold, type Told } from '../../lab/files/foreign/told';
import { encodeModel } from '../../lab/files/modelFile';
import { plain } from '../../lab/plain';
import { ask, type ToldText, useComingIn } from '../page/comingIn';
import { explain } from '../words/explain';

export interface CameIn {
  /** As a file of the lab. */
  readonly file: Uint8Array;
  readonly kind: string;
  /** Whether it has units that a slider takes away. */
  readonly hasUnits: boolean;
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
    const hasUnits = sliderUnits(model.arch).length > 0;
    const words = [`Taken in as ${kind}: ${symmetry}.`, ...notes.map(withoutFlags)].join(' ');
    return { file: encodeModel(model), kind, hasUnits, words };
  } catch (error) {
    if (!(error instanceof NotTold)) throw error;
    ask({ name, bytes, problem: withoutFlags(explain(error)) });
    return null;
  }
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
