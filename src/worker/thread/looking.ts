/** Networks that look at a tile while it is turned, and at scenes. */
import { z } from 'zod';
import { BadInput, messageOf } from '../../lab/errors';
import { breakWords } from '../../lab/evaluate/breaks';
import { equivarianceErrors, turnedUnder } from '../../lab/evaluate/equivariance';
import { fieldLayers, fieldMaps } from '../../lab/evaluate/fieldMaps';
import { hasOrbit, mostTelling, orbitMaps } from '../../lab/evaluate/orbit';
import { answerAt } from '../../lab/evaluate/turned';
import type { Classifier } from '../../lab/families/family';
import { openClassifier } from '../../lab/families/networks';
import { decodeAnyModel } from '../../lab/files/modelFile';
import { NotFinite } from '../../lab/finite';
import { normalisedTiles } from '../../lab/nn/batch';
import type { AnyModel } from '../../lab/nn/model';
import { bandWords } from '../../lab/pictures/bands';
import { channelsOf, type Pixels, type Square, sampleSquare } from '../../lab/pictures/cut';
import { decodeFor } from '../../lab/pictures/decode/decode';
import { plain, plainNames } from '../../lab/plain';
import { networkName } from '../../lab/recipe/networkNames';
import { mapAtTurn } from '../../lab/scenes/classMap';
import { trainedMetres } from '../../lab/scenes/resolution';
import { mapEvents } from '../../lab/stage/events';
import { QUARTER_TURNS } from '../../lab/symmetry/group';
import { loadNetwork } from '../../storage/networks';
import { loadRun } from '../../storage/runs';
import { loadRunNetwork } from '../../storage/stages';
import type { NetRef } from '../protocol/choices';
import type { JobEvent, LookedNet } from '../protocol/results';
import { fetchCatalogue, fetchModel } from './catalogue';
import { loadDecoders } from './decoders';
import type { Handlers } from './host';

interface Opened {
  readonly title: string;
  readonly model: AnyModel;
  readonly network: Classifier;
}

/** A network in front of a tile, normalised for it; or why it cannot be. */
type Onlooker =
  | (Opened & { readonly upright: Float32Array })
  | { readonly problem: string; readonly title: string | null };

/** Side of the tile shown while no network looks at it, in pixels. */
const SHOWN = 64;

/**
 * The handlers share the networks opened last. They stay open between jobs, unlike everywhere else: a dial asks thirty
 * times a second, and uploading the filters would take longer than the answers.
 */
export function createLookHandlers(): Pick<
  Handlers,
  'networks' | 'look' | 'turn' | 'fields' | 'breaks' | 'orbit' | 'map'
> {
  const open = new Map<string, Opened>();
  let onlookers: readonly Onlooker[] = [];
  /** The field that tells most, once it was looked for. */
  const telling = new WeakMap<Onlooker, number>();

  return {
    async *networks({ catalogue }) {
      const { models } = await fetchCatalogue(catalogue);
      return models.map(({ id, title, role, dataset, size }) => ({ id, title, role, dataset, size }));
    },

    async *look({ catalogue, nets, picture, square }) {
      yield progress('opening the networks');
      const keys = nets.map(keyOf);
      for (const [key, { network }] of open) {
        if (keys.includes(key)) continue;
        network.dispose();
        open.delete(key);
      }
      const found: Onlooker[] = [];
      for (const [i, ref] of nets.entries()) {
        found.push(await onlooker(ref, keys[i], catalogue, picture, square));
      }
      onlookers = found;
      const looked = found.map(describeNetwork);
      const size = Math.max(...looked.map((net) => (net.problem === null ? net.size : 0))) || SHOWN;
      return { nets: looked, size, tile: sampleSquare(picture, square, size) };
    },

    // biome-ignore lint/correctness/useYield: short, so that the next angle need not wait.
    async *turn({ degrees }) {
      const answers = [];
      for (const each of degrees) {
        const row = [];
        for (const net of onlookers) row.push('problem' in net ? null : await answerOrNone(net, each));
        answers.push(row);
      }
      return answers;
    },

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *fields({ net, ...at }) {
      const chosen = onlookers[net];
      if (!chosen || 'problem' in chosen)
        throw new BadInput('That network looks at nothing; choose another.');
      return await fieldMaps(chosen.model, chosen.network, chosen.upright, at);
    },

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *breaks({ net }) {
      const chosen = onlookers[net];
      if (!chosen || 'problem' in chosen)
        throw new BadInput('That network looks at nothing; choose another.');
      const { model, upright } = chosen;
      return breakWords(await equivarianceErrors(model, upright), turnedUnder(model.arch));
    },

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *orbit({ net, field, torn }) {
      const chosen = onlookers[net];
      if (!chosen || 'problem' in chosen || !hasOrbit(chosen.model))
        throw new BadInput('That network has no filter in turned copies; choose another.');
      const { model, upright } = chosen;
      const found = field ?? telling.get(chosen) ?? (await mostTelling(model, upright));
      if (field === null) telling.set(chosen, found);
      return await orbitMaps(model, upright, { field: found, torn });
    },

    async *map({ catalogue, nets, picture, name, cell, stride }) {
      yield progress('opening the networks');
      const models: (AnyModel | null)[] = [];
      for (const ref of nets)
        models.push((await fetchNetwork(ref, catalogue).catch(() => null))?.model ?? null);
      const steps = QUARTER_TURNS.flatMap((turn) => models.map((model, net) => ({ turn, model, net })));
      const doable = steps.filter(({ model }) => model !== null).length;
      let done = 0;
      for (const { turn, model, net } of steps) {
        if (!model) continue;
        const before = done++;
        const seen = await pixelsFor(model, picture, name).catch(() => null);
        // Said by the look at it.
        if (!seen) continue;
        const map = yield* mapEvents(
          mapAtTurn(model, seen, name, turn, { cell, stride }),
          (event): JobEvent | null =>
            event.type === 'progress'
              ? { ...event, done: before * event.total + event.done, total: doable * event.total }
              : null,
        );
        yield { type: 'map', net, turn: turn.turns, map };
      }
      return null;
    },
  };

  async function onlooker(
    ref: NetRef,
    key: string,
    catalogue: string,
    picture: Given,
    square: Square,
  ): Promise<Onlooker> {
    let found = open.get(key);
    try {
      if (!found) {
        const { title, model } = await fetchNetwork(ref, catalogue);
        found = { title, model, network: openClassifier(model) };
        open.set(key, found);
      }
      const { size, channels } = found.model.arch.input;
      const seen = await pixelsFor(found.model, picture, 'the picture');
      const pixels = ofChannels(sampleSquare(seen, square, size), channels, channelsOf(seen));
      const upright = normalisedTiles({ size, channels, pixels }, [0], found.model.normalisation);
      // One whose answers are no numbers is told of here, and leaves the others alone.
      await answerAt(found.model, found.network, upright, 0);
      return { ...found, upright };
    } catch (error) {
      return { problem: messageOf(error), title: found?.title ?? null };
    }
  }
}

/** An answer at an angle; null where it is no number at that one. */
const answerOrNone = (
  { model, network, upright }: Opened & { readonly upright: Float32Array },
  degrees: number,
) =>
  answerAt(model, network, upright, degrees).catch((error: unknown) => {
    if (error instanceof NotFinite) return null;
    throw error;
  });

function keyOf(ref: NetRef): string {
  if (ref.kind === 'shipped') return `shipped ${ref.id}`;
  if (ref.kind === 'absent') return 'absent';
  if (ref.kind === 'kept') return `kept ${ref.id}`;
  return ref.kind === 'run' ? `run ${ref.id} ${ref.stage}` : `file ${ref.key}`;
}

/** A tile of three colours for a network that reads so many channels. Throws `BadInput` for a colour where it reads grey. */
function ofChannels(pixels: Uint8Array, channels: number, given: number): Uint8Array {
  if (channels === given) return pixels;
  const grey = pixels.filter((_, i) => i % 3 === 0);
  if (channels === 1 && pixels.every((value, i) => value === grey[Math.floor(i / 3)])) return grey;
  throw new BadInput(
    channels === 1
      ? 'It reads grey tiles, and this one has colours; choose another.'
      : `It reads ${channels} channels, but a picture has red, green and blue; choose another.`,
  );
}

/** A picture as the page hands it over. */
type Given = Pixels & { readonly file?: File | null | undefined };

/** The bands read last, of one file: a scene is looked at, and then mapped at four turns. */
let latest: { file: File; numbers: string; pixels: Promise<Pixels> } | null = null;

/** What a network reads of a picture: its colours, or bands out of its file. Throws `BadInput` where it has none. */
async function pixelsFor({ arch }: AnyModel, picture: Given, name: string): Promise<Pixels> {
  const { bands } = arch.input;
  if (!bands) return picture;
  const { file } = picture;
  if (!file) throw new BadInput(`It reads bands ${bandWords(bands)}, and this picture has colours alone.`);
  const numbers = JSON.stringify(bands);
  if (latest?.file !== file || latest.numbers !== numbers) {
    const read = async () => {
      await loadDecoders();
      return decodeFor(arch.input, new Uint8Array(await file.arrayBuffer()), name);
    };
    latest = { file, numbers, pixels: read() };
  }
  return latest.pixels;
}

/** A network, and what to call it. Throws `BadInput` where there is none. */
export async function fetchNetwork(ref: NetRef, catalogue: string): Promise<Pick<Opened, 'title' | 'model'>> {
  if (ref.kind === 'absent') throw new BadInput(ref.problem);
  if (ref.kind === 'shipped') return fetchModel(await fetchCatalogue(catalogue), catalogue, ref.id);
  if (ref.kind === 'kept') {
    const { row, model } = await loadNetwork(ref.id);
    return { title: row.name, model };
  }
  if (ref.kind === 'file') return { title: ref.title, model: decodeAnyModel(ref.bytes, ref.title) };
  const row = await loadRun(ref.id);
  const record = row?.records.find(({ name, id }) => name === ref.stage || id === ref.stage);
  if (!row || !record) {
    throw new BadInput(`No network "${ref.stage}" of that run is kept in this browser; choose another.`);
  }
  return { title: networkName(row.name, record), model: await loadRunNetwork(row, record) };
}

function describeNetwork(net: Onlooker): LookedNet {
  if ('problem' in net) return net;
  const { title, model } = net;
  const { arch, classes } = model;
  const { group } = arch;
  return {
    problem: null,
    title,
    kind: group === 'C1' ? 'plain' : 'equivariant',
    group,
    ...arch.input,
    metres: trainedMetres(model),
    trained: originSchema.safeParse(model.provenance).data ?? null,
    classes: plainNames(classes),
    blocks: fieldLayers(arch).map(({ fields }) => fields),
    hasOrbit: hasOrbit(model),
  };
}

/** What a network's file says of its tiles. */
const originSchema = z.object({
  dataset: z.string().overwrite((text) => plain(text)),
  synthetic: z.boolean(),
});

const progress = (what: string): JobEvent => ({ type: 'progress', what, done: 0, total: 1 });
