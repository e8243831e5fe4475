/** What a file's weights do not say: the pictures' size and normalisation, the classes' names. From its metadata, or from people. */
import { z } from 'zod';
import { BadInput } from '../../errors';
import { plain } from '../../plain';
import type { Pictures } from './fold';
import type { RawNetwork } from './raw';

/** Of a network that could come in, were something told of it, or told otherwise. */
export class NotTold extends BadInput {}

/** What people say of a file; it goes before what the file says. */
export interface Told {
  /** Height and width of the pictures, in pixels. */
  readonly size?: number;
  readonly classes?: readonly string[];
  /** Of pixel/255, by channel; one number holds for all channels. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** The order of the layers (sequence.ts). */
  readonly layers?: string;
}

const numbers = z.array(z.number()).min(1).max(64);
const names = z.array(z.string().min(1)).min(2).max(65536);

/** What metadata says, each under the key of its name: JSON, or numbers and names with commas between. Unreadable: as if unsaid. */
export function toldBy(metadata: Readonly<Record<string, string>>): Told {
  const list = (text: string | undefined): unknown => {
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return text.split(',').map((each) => each.trim());
    }
  };
  const row = (key: string): number[] | undefined => {
    const value = list(metadata[key]);
    const values = Array.isArray(value) ? value.map(Number) : typeof value === 'number' ? [value] : undefined;
    return numbers.safeParse(values).data;
  };
  const size = row('size')?.[0];
  const classes = names.safeParse(list(metadata.classes)).data;
  const [mean, std] = [row('mean'), row('std')];
  return {
    ...(size !== undefined && { size }),
    ...(classes && { classes }),
    ...(mean && { mean }),
    ...(std && { std }),
    ...(metadata.layers !== undefined && { layers: metadata.layers }),
  };
}

/** Of the pictures that torchvision's weights were trained on, by channel (torchvision.transforms' presets). */
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** Networks that are trained on such pictures, or after them. */
const TORCHVISION = ['VGG', 'ResNet', 'MobileNet-V2'];

export interface Known {
  readonly pictures: Pictures;
  /** What was taken to be so, in sentences. */
  readonly notes: readonly string[];
}

/** Everything, from what is told and what the network's layers say. Throws `BadInput` that says what is missing, and how to tell it. */
export function knownOf(network: RawNetwork, told: Told, called: string): Known {
  const notes: string[] = [];
  const first = network.layers.find((layer) => layer.op === 'convolution');
  const last = network.layers.findLast(
    (layer) => layer.op === 'dense' || layer.op === 'turned dense' || layer.op === 'convolution',
  );
  if (first?.op !== 'convolution' || !last || !('weight' in last))
    throw new BadInput(
      `${plain(called)} holds no convolution that reads pictures: only convolutional networks come in.`,
    );
  const channels = first.weight.shape[1] * first.groups;
  const count = last.weight.shape[0];
  const missing: string[] = [];
  if (told.size === undefined) missing.push('the size of its pictures (--size 32)');
  const isColours = TORCHVISION.includes(network.kind) && channels === 3;
  const normal = told.mean && told.std ? { mean: told.mean, std: told.std } : isColours ? IMAGENET : null;
  if (!normal)
    missing.push(
      'what its pictures are normalised by (--mean 0.5,0.5,0.5 --std 0.25,0.25,0.25, of pixel/255)',
    );
  if (missing.length > 0 || !normal || told.size === undefined)
    throw new NotTold(
      `${plain(called)} does not say ${missing.join(', nor ')}: say so, for answers depend on it.`,
    );
  if (normal === IMAGENET)
    notes.push(
      'It does not say what its pictures are normalised by: those of torchvision’s weights are taken (--mean, --std).',
    );
  const row = (what: string, values: readonly number[]): number[] => {
    if (values.length === channels) return [...values];
    if (values.length === 1) return new Array<number>(channels).fill(values[0]);
    throw new NotTold(
      `${plain(called)} reads ${channels} channels, and there are ${values.length} ${what}: give one, or one for each.`,
    );
  };
  const [mean, std] = [row('means', normal.mean), row('deviations', normal.std)];
  if (std.some((value) => !(value > 0)))
    throw new NotTold('A standard deviation of pixels is above zero: --std says otherwise.');
  if (mean.some((value) => !Number.isFinite(value)))
    throw new NotTold('A mean of pixels is a number: --mean says otherwise.');
  const { size } = told;
  if (!Number.isInteger(size) || size < 4 || size > 512)
    throw new NotTold(`Pictures of ${size}×${size} pixels are not read: from 4 to 512 are (--size).`);
  if (told.classes && told.classes.length !== count)
    throw new NotTold(
      `${plain(called)} tells ${count} classes apart, and ${told.classes.length} are named: name as many (--classes).`,
    );
  if (!told.classes)
    notes.push(
      `It does not name its ${count} classes: they are called by their numbers, from 0 (--classes).`,
    );
  if (count < 2)
    throw new BadInput(
      `${plain(called)} leaves a single number for a picture, and no classes to tell apart.`,
    );
  const classes = told.classes ?? Array.from({ length: count }, (_, i) => String(i));
  if (new Set(classes).size < classes.length)
    throw new NotTold(`${plain(called)} names a class twice: each needs a name of its own (--classes).`);
  return { pictures: { input: { size, channels }, classes, normalisation: { mean, std } }, notes };
}
