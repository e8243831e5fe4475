/** The list of trained networks beside the page (`models/index.json`), and how one is fetched. */
import { z } from 'zod';
import { BadInput } from '../../lab/errors';
import type { GcnnModel } from '../../lab/families/gcnn/model';
import { decodeModel } from '../../lab/files/modelFile';
import { hashWords } from '../../lab/random';
import { bytesAt, Unanswered } from '../../lab/runtime/steadyFetch';

const modelSchema = z.object({
  id: z.string(),
  /** Address relative to the list. */
  file: z.string(),
  title: z.string(),
  arch: z.string(),
  /** What it was trained on, and the side of what it reads. */
  dataset: z.string(),
  size: z.int().min(1),
  role: z.enum(['equivariant', 'plain']),
});

const pairFields = {
  id: z.string(),
  title: z.string(),
  equivariant: z.string(),
  plain: z.string(),
  size: z.int().min(4),
  splitSeed: z.int().min(0),
};

/** Two networks trained on the same tiles. Only the synthetic tiles can be made again in the page. */
const pairSchema = z.discriminatedUnion('dataset', [
  z.object({
    ...pairFields,
    dataset: z.literal('synthetic'),
    perClass: z.int().min(3),
    datasetSeed: z.int().min(0),
  }),
  z.object({ ...pairFields, dataset: z.literal('eurosat') }),
]);

const catalogueSchema = z.object({ models: z.array(modelSchema), pairs: z.array(pairSchema).min(1) });

export type Catalogue = z.infer<typeof catalogueSchema>;
export type Pair = z.infer<typeof pairSchema>;
type SyntheticPair = Extract<Pair, { dataset: 'synthetic' }>;

/** Reads the list. Throws an `Error` that says what could not be loaded. */
export async function fetchCatalogue(url: string): Promise<Catalogue> {
  const bytes = await fetchBytes(url, 'the list of trained networks');
  try {
    return catalogueSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new Error('The list of trained networks cannot be read.', { cause: error });
  }
}

/** The pairs whose tiles can be made again in the page. */
export function openablePairs({ pairs }: Catalogue): SyntheticPair[] {
  return pairs.filter((pair) => pair.dataset === 'synthetic');
}

/** The pair called `id`, the first one for null. Throws `BadInput` for an unknown name. */
export function pairOf({ pairs }: Catalogue, id: string | null): SyntheticPair {
  const found = id === null ? pairs[0] : pairs.find((pair) => pair.id === id);
  if (!found) {
    throw new BadInput(
      `There is no pair of networks "${id}". Choose one of: ${pairs.map((p) => p.id).join(', ')}.`,
    );
  }
  if (found.dataset !== 'synthetic') {
    throw new BadInput(`The pair "${found.id}" needs tiles that are not part of this page; choose another.`);
  }
  return found;
}

/** The pair trained on real tiles. */
export function realPair({ pairs }: Catalogue): Pair {
  const found = pairs.find(({ dataset }) => dataset === 'eurosat');
  if (!found) throw new Error('No networks trained on real tiles are beside this page.');
  return found;
}

/** Fetches and reads one network of the list, whose address is `url`. */
export async function fetchModel(
  { models }: Catalogue,
  url: string,
  id: string,
): Promise<{ title: string; model: GcnnModel; fingerprint: string }> {
  const entry = models.find((model) => model.id === id);
  if (!entry) throw new Error(`The list of trained networks names "${id}" in a pair but does not hold it.`);
  const bytes = await fetchBytes(new URL(entry.file, url).href, `the network "${entry.title}"`);
  const model = decodeModel(bytes, `The network "${entry.title}"`);
  return { title: entry.title, model, fingerprint: `${id} ${fingerprint(bytes)}` };
}

/** Eight hex digits that change with the file, so that a retrained network never meets an old checkpoint. */
function fingerprint(bytes: Uint8Array): string {
  const words = new Uint32Array(bytes.slice(0, bytes.length & ~3).buffer);
  return hashWords(words, bytes.length).toString(16).padStart(8, '0');
}

/** The bytes at an address. Throws an `Error` that says that `what` could not be loaded. */
export async function fetchBytes(url: string, what: string): Promise<Uint8Array> {
  try {
    return await bytesAt(url);
  } catch (cause) {
    const why = cause instanceof Unanswered ? cause.message : 'the server cannot be reached';
    throw new Error(`Could not load ${what}: ${why}.`, { cause });
  }
}
