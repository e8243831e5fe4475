/**
 * A family of networks: all that the lab has to know of one. Evaluation, training, quantising, files, recipes and the
 * views ask through this and never which family a network is of. It has two halves: what its networks are (`Family`,
 * plain values), and how they run (`Networks`, tensors). A family is a folder beside this file and a line in registry.ts,
 * which asks for its line in networks.ts.
 *
 * What a family cannot do it refuses in words: a `Refusal` where others have something to say, or a `BadInput`.
 */
import type { z } from 'zod';
import type { AnyArch, Int8 } from '../nn/arch';
import type { Tensors } from '../nn/live';
import type { Int8Param, Model, Param, Params, RunModel } from '../nn/model';
import type { FoldedFilters } from '../nn/norm';
import type { Moments } from '../nn/ops/fieldNorm';
import type { Start } from '../nn/start';
import type { Bands } from '../pictures/bands';
import type * as tf from '../runtime/tf';
import type { GroupName } from '../symmetry/group';

export interface Family<Arch extends AnyArch = AnyArch> {
  /** What `family` says in its architectures. The first family's do not say it. */
  readonly name: string;
  /** What one of its networks is in a sentence, like "a comparator". */
  readonly noun: string;
  readonly schema: z.ZodType<Arch>;
  /** The names of its designs. */
  readonly designs: readonly string[];
  /** What may be chosen of a design beside `CHOSEN_OF_ALL`. */
  readonly choices: readonly (keyof DesignChoices)[];
  /** A design by name, changed as chosen. Throws `BadInput` for impossible sizes. */
  named(id: string, choices: DesignChoices): Arch;
  /** What an architecture is: a line in words, and the family's own facts as JSON. */
  describe(arch: Arch): { readonly words: string; readonly facts: Readonly<Record<string, unknown>> };

  /** All parameters, in the order in which they are stored. Throws `BadInput` where sizes do not work out. */
  params(arch: Arch): readonly ParamLayout[];
  /** What a forward pass computes, layer by layer, in order: every layer that has parameters. */
  work(arch: Arch): readonly LayerWork[];
  /** What `Observe` is shown in a forward pass, in order. */
  observed(arch: Arch): readonly ObservedLayer[];

  /**
   * How a group acts on the parameters of a plain network whose channels are taken in fields of |G|: all that do not stay
   * as they are. Or why none does, to follow "<network> is ". Absent: nobody knows yet.
   */
  actions?(arch: Arch): readonly ParamAction[] | Refusal;
  /** Channels of a plain network whose order changes no answer, each after those that its filters read. Absent: none known. */
  orders?(arch: Arch): readonly FreeOrder[];
  /**
   * The equivariant design that a plain network of this one becomes where the whole group leaves its parameters as they are:
   * parameters of the same names, outputs of fields stored once, and fields averaged where they are read for the answer.
   * Or why there is none, to follow "<network> ". Absent: nobody knows of one.
   */
  projected?(arch: Arch, group: GroupName): Arch | Refusal;
  /** The group that it is held against when it is turned; absent: its own, and C4 for a plain network. */
  acting?(arch: Arch): GroupName | undefined;
  /** What is observed under these names `train` leaves as its maps, in this order; absent: the last maps alone. */
  maps?(arch: Arch): readonly string[];

  /** What can be removed as a whole; or why nothing can, to follow "<network> is <design>, " */
  readonly units: readonly Unit[] | Refusal;
  /** How its weights become 8-bit integers. Throws `BadInput` where they cannot. */
  rounding(arch: Arch, int8: Int8): Rounding<Arch>;
  /** How one is taken along; or why none can, to follow "This network is <design>, " */
  readonly portable: Portable<Arch> | Refusal;
}

/** How a family's networks run: the half of it that needs the tensor engine, which the page's own scripts never load. */
export interface Networks<Arch extends AnyArch = AnyArch> {
  trainee(arch: Arch): Trainee;
  /** Uploads a model's parameters to the running backend; to be disposed by whoever opened it. */
  open(model: OpenedModel<Arch>): Classifier;
}

/** One sentence, or two, without the full stop at the end. */
export interface Refusal {
  readonly refusal: string;
}

/** What may be chosen of a named design. */
export interface DesignChoices {
  readonly group?: GroupName;
  readonly head?: string;
  readonly hidden?: number;
  readonly size?: number;
  readonly channels?: number;
  readonly bands?: Bands;
  readonly classes?: number;
  readonly dropout?: number;
}

/** What may be chosen of every design. */
export const CHOSEN_OF_ALL = [
  'size',
  'channels',
  'bands',
  'classes',
  'dropout',
] as const satisfies readonly (keyof DesignChoices)[];

/** A parameter without its values. */
export interface ParamLayout {
  readonly name: string;
  /** The last axis is the output. */
  readonly shape: readonly number[];
  /** What it is counted with: a name in `work`. */
  readonly layer: string;
  /**
   * `trained`: by gradients. `idle`: counted, but without a gradient (a bias in front of a batch norm). `carried`: running
   * statistics and scales of integers, which are not counted as parameters.
   */
  readonly role: 'trained' | 'idle' | 'carried';
  /** Whether it belongs to the dense layers, which can be trained alone. */
  readonly head: boolean;
  /** Stored as 8-bit integers, not as floats. */
  readonly int8: boolean;
  readonly start: Start;
}

/**
 * A parameter on which a group acts, axis by axis. `kernel`: positions of a square, row by row, which are turned. `fields`:
 * channels, field · |G| + g, which change places within their field. `fixed`: stays.
 */
export interface ParamAction {
  readonly name: string;
  readonly axes: readonly ('kernel' | 'fields' | 'fixed')[];
  /** So many channels side by side have to be whole fields by themselves: a head's. Absent: all of an axis. */
  readonly together?: number;
}

/** Channels that can be put into another order in all places at once. */
export interface FreeOrder {
  readonly count: number;
  readonly places: readonly OrderedPlace[];
}

/** The entries `from` … `from + count` along an axis of a parameter. */
export interface OrderedPlace {
  readonly name: string;
  readonly axis: number;
  readonly from: number;
  /** Whether what lies there tells which channels are turned copies of each other. */
  readonly decides: boolean;
}

export interface LayerWork {
  readonly layer: string;
  /** The field's word for it, like "depthwise". */
  readonly kind: string;
  /** Multiply-adds of one tile as executed for inference; bias additions, activations and pooling are not counted. */
  readonly macs: number;
  /** What it makes, counted; absent: as many as what it reads, or nobody says. */
  readonly makes?: LayerUnits;
  /** What it leaves of one tile, pooling included, channels last; absent: nobody says. */
  readonly shape?: readonly number[];
  /** Of a convolution: the side of its kernel. */
  readonly kernel?: number;
}

export interface LayerUnits {
  readonly unit: 'field' | 'channel' | 'neuron' | 'head' | 'class';
  readonly count: number;
  /** Of how many channels each is: in a network of a group, as many as it has elements. Absent: of one. */
  readonly each?: number;
}

/** Something that a forward pass leaves, and what a turned picture should do to it. */
export type ObservedLayer = FieldLayer | OtherLayer;

/** Maps [N, s, s, fields · |G|] that turn, with the |G| channels of each field permuted. */
export interface FieldLayer {
  readonly name: string;
  readonly kind: 'regular';
  readonly fields: number;
}

/** `map`: maps [N, s, s, C] that only turn. `invariant`: numbers [N, …] that stay as they are. */
export interface OtherLayer {
  readonly name: string;
  readonly kind: 'map' | 'invariant';
}

/** Sees what each layer leaves, in order. */
export type Observe = (layer: string, value: tf.Tensor) => void;

/** A network opened to answer. */
export interface Classifier {
  /** Normalised pictures [N, S, S, channels] → logits [N, classes]. */
  logits(x: tf.Tensor4D, observe?: Observe): tf.Tensor2D;
  dispose(): void;
}

export type OpenedModel<Arch extends AnyArch = AnyArch> = Pick<
  RunModel<Arch>,
  'arch' | 'params' | 'int8' | 'silenced'
>;

/** A network as the loop trains it: logits that differentiate, and an open form to validate with. */
export interface Trainee {
  /** What dropout acts on, in front of the last dense layer: how many numbers, and the share that is dropped. */
  readonly last: { readonly width: number; readonly dropout: number };
  /** Logits of a batch [N, S, S, channels] with norms from it; `mask` multiplies what `last` describes. */
  train(params: Tensors, x: tf.Tensor4D, mask: tf.Tensor2D | null): TrainedLogits;
  /** The network as it answers: running statistics, folded once. */
  open(params: Tensors): { logits(x: tf.Tensor4D): tf.Tensor2D; dispose(): void };
}

export interface TrainedLogits {
  readonly logits: tf.Tensor2D;
  /** Of every norm, for its running statistics. */
  readonly moments: readonly BatchMoments[];
  /** The last maps that turn with the picture, each [N, s, s, C] (`Family.maps`); absent where there are none. */
  maps?(): readonly tf.Tensor4D[];
}

/** A norm's moments over a batch. */
export interface BatchMoments extends Moments {
  /** The number of values they were taken over. */
  readonly count: number;
  /** The names of the running statistics that they move. */
  readonly running: { readonly mean: string; readonly variance: string };
}

/**
 * What can be removed from a network as a whole: hidden neurons, fields and spatial orbits of networks of group convolutions;
 * hidden neurons of the MLPs and heads of transformers; filters of networks from elsewhere.
 */
export type Unit = 'neuron' | 'field' | 'orbit' | 'mlp' | 'heads' | 'filter';

/** How a network of floats becomes one with weights in integers. */
export interface Rounding<Arch extends AnyArch = AnyArch> {
  /** What the architecture becomes. */
  readonly arch: Arch;
  /** Matrices [in, out], each rounded with one scale and multiplied in integers. */
  readonly matrices: readonly Pick<RoundedNames, 'weight' | 'scale'>[];
  /** Convolutions, rounded with a scale for each output. */
  readonly convolutions: readonly (RoundedNames & {
    /** With its norm folded in. */
    folded(params: Params): FoldedFilters;
    /** Parameters that go because of that. */
    readonly replaced: readonly string[];
  })[];
}

interface RoundedNames {
  readonly weight: string;
  /** Where the scale is kept. */
  readonly scale: string;
  readonly bias: string;
}

/** A family's networks in a form that runs without this lab. */
export interface Portable<Arch extends AnyArch = AnyArch, Config extends PortableConfig = PortableConfig> {
  network(model: Model<Arch>): PortableNetwork<Config>;
  /** Its tensors without their values, in the order of `network`. */
  tensors(arch: Arch): readonly PortableLayout[];
  /** Python with numpy that runs `network.safetensors` beside it; `pattern`: a test picture by its formula. */
  script(pattern: string, arch: Arch): string;
  /** What the network is, as a title. */
  title(arch: Arch): string;
  /** What the network computes, as Markdown. */
  steps(network: PortableNetwork<Config>): string;
}

/** A tensor of the portable form; `layer`: the one of `work` that it is counted with. */
export type PortableLayout = Pick<ParamLayout, 'name' | 'shape' | 'layer' | 'int8'>;

/** All that has to be known beside the tensors. JSON. */
export interface PortableConfig {
  /** Names the layout. */
  readonly format: string;
}

export interface PortableNetwork<Config extends PortableConfig = PortableConfig> {
  readonly config: Config;
  readonly tensors: Readonly<Record<string, Param | Int8Param>>;
}
