/** The door for networks from elsewhere: the bytes of a file that is not the lab's own, and what people say of it. */
import { BadInput } from '../../errors';
import type { AnyModel } from '../../nn/model';
import { plain } from '../../plain';
import { MODEL_FORMAT, TASK_FORMAT } from '../reading';
import { decodeSafetensors, type SafeFile } from '../safetensors';
import { withActing } from './acting';
import { foldedModel } from './fold';
import { foundIn, type LayerFound } from './found';
import { gcnnOf } from './gcnn';
import { type RawNetwork, unreadable } from './raw';
import { LAYERS_EXAMPLE, readSequence } from './sequence';
import { knownOf, NotTold, type Told, toldBy } from './told';
import { mobileNet, type Naming, resnet, vgg } from './torchvision';
import { Weights } from './weights';

export interface Foreign {
  readonly model: AnyModel;
  /** What it was taken for, like "ResNet". */
  readonly kind: string;
  /** What was taken to be so, in sentences. */
  readonly notes: readonly string[];
  /** Every layer as the file holds it. */
  readonly found: readonly LayerFound[];
}

const NAMINGS: readonly Naming[] = [resnet, mobileNet, vgg];

/** What a file is by its first bytes. */
export function formatOfBytes(bytes: Uint8Array): 'safetensors' | 'onnx' | 'pickle' | null {
  if (bytes.length > 9) {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
    if (length <= bytes.length && bytes[8] === 0x7b) return 'safetensors';
  }
  // A zip, as torch.save writes it, or a bare pickle.
  if ((bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0x80 && bytes[1] <= 5)) return 'pickle';
  // The version of its format, which comes first in every file that is written by the schema's order.
  return bytes[0] === 0x08 && bytes[1] > 0 && bytes[1] < 32 ? 'onnx' : null;
}

/** Whether a file may be a network from elsewhere: no network of the lab, and of a format that is known. */
export function isForeign(bytes: Uint8Array): boolean {
  const format = formatOfBytes(bytes);
  if (format !== 'safetensors') return format !== null;
  try {
    const said = decodeSafetensors(bytes).metadata.format;
    return said !== MODEL_FORMAT && said !== TASK_FORMAT;
  } catch {
    return false;
  }
}

/** Throws `BadInput` for a file of which something cannot be read, layer by layer, and where something has to be told. */
export async function readForeign(bytes: Uint8Array, told: Told = {}, called = 'The file'): Promise<Foreign> {
  const format = formatOfBytes(bytes);
  if (format === 'pickle') {
    throw new BadInput(
      `${plain(called)} is PyTorch's own .pt or .pth, whose reading runs code that is in it, or another zip. Save the weights as safetensors: ` +
        'safetensors.torch.save_file(network.state_dict(), "network.safetensors").',
    );
  }
  if (format === null)
    throw new BadInput(
      `${plain(called)} is neither a safetensors file nor ONNX: networks come in as one of these.`,
    );
  if (format === 'onnx') {
    const { readOnnx } = await import('./onnx/read');
    const { network, says } = readOnnx(bytes, told, called);
    return modelOf(network, { ...says, ...told }, called);
  }
  const file = decodeSafetensors(bytes, called);
  if (file.metadata.format === MODEL_FORMAT || file.metadata.format === TASK_FORMAT)
    throw new BadInput(`${plain(called)} is a network of the lab already: use it as it is.`);
  const says = { ...toldBy(file.metadata), ...told };
  return modelOf(networkOf(file, says, called), says, called);
}

function networkOf(file: SafeFile, told: Told, called: string): RawNetwork {
  const weights = new Weights(file);
  if (weights.names.length === 0)
    throw new BadInput(`${plain(called)} holds no tensors, so it is no network.`);
  const naming = told.layers === undefined ? NAMINGS.find((each) => each.is(weights)) : undefined;
  if (!naming && told.layers === undefined) {
    const some = weights.names.slice(0, 4).map((name) => `"${plain(name)}"`);
    throw new NotTold(
      `${plain(called)} holds tensors (${some.join(', ')}${weights.names.length > 4 ? ', …' : ''}) whose names are those of no network that is known here ` +
        `(torchvision’s VGG, ResNet and MobileNet-V2). If its layers stand in a row, say in which order: --layers "${LAYERS_EXAMPLE}".`,
    );
  }
  const epsilon = Number(file.metadata.epsilon ?? file.metadata.norm_eps);
  const network = naming
    ? naming.read(weights)
    : readSequence(weights, told.layers!, called, epsilon > 0 ? epsilon : undefined);
  if (weights.misfits.length > 0) {
    const what = naming
      ? `is named as a ${naming.kind}, but has layers that cannot be read`
      : 'has layers that cannot be read';
    throw unreadable(called, what, weights.misfits);
  }
  const left = weights.left();
  if (left.length > 0) {
    const what = naming
      ? `is named as a ${naming.kind}, but has tensors that none has`
      : 'has tensors that its line of layers does not name';
    throw unreadable(called, what, layersOf(left));
  }
  return network;
}

/** Tensors by their layer: `"head.fc3" (weight, bias)`. */
function layersOf(names: readonly string[]): string[] {
  const parts = new Map<string, string[]>();
  for (const name of names) {
    const at = name.lastIndexOf('.');
    const layer = at < 0 ? name : name.slice(0, at);
    parts.set(layer, [...(parts.get(layer) ?? []), ...(at < 0 ? [] : [name.slice(at + 1)])]);
  }
  return Array.from(parts, ([layer, own]) =>
    own.length > 0 ? `"${layer}" (${own.join(', ')})` : `"${layer}"`,
  );
}

function modelOf(network: RawNetwork, told: Told, called: string): Foreign {
  const { pictures, notes } = knownOf(network, told, called);
  const folded = foldedModel(network, pictures, called);
  const model: AnyModel = gcnnOf(network, pictures) ?? withActing(folded);
  const provenance = { cameIn: { from: called.slice(0, 200), as: network.kind } };
  return {
    model: { ...model, provenance },
    kind: network.kind,
    notes,
    found: foundIn(network.layers, folded.arch),
  };
}
