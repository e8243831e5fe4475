/**
 * Checkpoints of any sequence of layers: their tensors by name, and a line that says in which order they stand and what has no
 * weights between them (docs/networks-in.md).
 *
 *   conv1 norm1 relu maxpool:2 conv2 norm2 relu maxpool:2 fieldmax:4 flatten head.fc1 relu head.fc2
 *
 * A word that is the name of a layer with weights stands for it; what it is its tensors say. e2cnn's and escnn's convolutions are
 * read from their expanded filters, norms of fields are repeated over the group.
 */
import { plain } from '../../plain';
import { convolutionOf, denseOf, EPSILON, normOf } from './layers';
import { type RawNetwork, type RawNorm, Sequence } from './raw';
import { NotTold } from './told';
import type { Weights } from './weights';

export const LAYERS_EXAMPLE = 'conv1 norm1 relu maxpool:2 flatten fc1';

/** Where a convolution's expanded filters and bias are: exported, as the reference has them, and as e2cnn keeps them itself. */
const EXPANDED = [
  { weight: 'expanded_weight', bias: 'expanded_bias' },
  { weight: 'filter', bias: 'expanded_bias' },
  { weight: 'weight', bias: 'bias' },
] as const;
/** What says the same again beside expanded filters. */
const FREE = /^(weights|free_weights|bias|bias_per_field|basisexpansion.*|_basisexpansion.*)$/;
/** A norm of fields, as e2cnn's `InnerBatchNorm` calls it: one for all fields of a size. */
const INNER = /^(batch_norm_\[[\d,]+\])\.running_mean$/;

/** Throws `BadInput` for a word that is none. */
export function readSequence(weights: Weights, line: string, called: string, epsilon = EPSILON): RawNetwork {
  const net = new Sequence();
  const counts = new Map<string, number>();
  const wordError = (word: string, why: string) =>
    new NotTold(
      `${plain(called)}: its layers say "${plain(word)}", ${why}. A line of layers is like "${LAYERS_EXAMPLE}": names of layers with weights, and ` +
        'relu, relu6, maxpool:2, avgpool:2, adaptive:7, average, fieldmax:4, fieldmean:4, flatten, dropout.',
    );
  /** A name for a layer without weights. */
  const fresh = (word: string): string => {
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    return `${word}${count}`;
  };
  let channels = 0;
  for (const word of line.split(/[\s,;]+/).filter((each) => each !== '')) {
    const [name, numbers = ''] = word.split(':');
    const values = numbers === '' ? [] : numbers.split('/').map(Number);
    if (values.some((value) => !Number.isInteger(value) || value < 0))
      throw wordError(word, 'whose numbers are none');
    const kind = kindOf(weights, name);
    if (kind === 'convolution') {
      const [stride, padding] = values;
      const names = EXPANDED.find(({ weight }) => weights.has(`${name}.${weight}`))!;
      const weight = weights.shape(`${name}.${names.weight}`);
      const layer = convolutionOf(
        weights,
        name,
        channels || (weight?.[1] ?? 0),
        { stride: stride ?? 1, ...(padding !== undefined && { padding }) },
        { weight: `${name}.${names.weight}`, bias: `${name}.${names.bias}` },
      );
      if (names.weight !== 'weight') ignoreFree(weights, name);
      net.add(layer);
      channels = layer.weight.shape[0];
    } else if (kind === 'norm') net.add(normOf(weights, name, channels, epsilon));
    else if (kind === 'inner norm') net.add(innerNorm(weights, name, channels, epsilon));
    else if (kind === 'dense') {
      const layer = denseOf(weights, name);
      net.add(layer);
      channels = layer.weight.shape[0];
    } else {
      const [first, second, third] = values;
      const needed = (what: string): number => {
        if (first === undefined || first < 1) throw wordError(word, `which needs ${what}, like ${name}:2`);
        return first;
      };
      switch (name) {
        case 'relu':
        case 'relu6':
        case 'average':
        case 'flatten':
          net.add({ op: name, name: fresh(name) });
          break;
        case 'maxpool': {
          const kernel = needed('the side of its windows');
          net.add({
            op: 'maximum pool',
            name: fresh(name),
            kernel,
            stride: second ?? kernel,
            padding: third ?? 0,
          });
          break;
        }
        case 'avgpool': {
          const kernel = needed('the side of its windows');
          net.add({ op: 'average pool', name: fresh(name), kernel, stride: second ?? kernel });
          break;
        }
        case 'adaptive':
          net.add({ op: 'adaptive pool', name: fresh(name), size: needed('the side of what it leaves') });
          break;
        case 'fieldmax':
        case 'fieldmean': {
          const order = needed('the number of channels of a field');
          net.add({ op: name === 'fieldmax' ? 'field maximum' : 'field mean', name: fresh(name), order });
          channels /= order;
          break;
        }
        case 'dropout':
          break;
        default:
          throw wordError(word, 'which is neither a layer with weights in the file nor one without any');
      }
    }
  }
  return { kind: 'sequence of layers', id: 'sequence', layers: net.layers };
}

function kindOf(weights: Weights, name: string): 'convolution' | 'norm' | 'inner norm' | 'dense' | null {
  if (weights.has(`${name}.running_mean`)) return 'norm';
  if (innerOf(weights, name)) return 'inner norm';
  if (weights.has(`${name}.filter`) || weights.has(`${name}.expanded_weight`)) return 'convolution';
  const axes = weights.shape(`${name}.weight`)?.length;
  if (axes === 4) return 'convolution';
  return axes === 2 ? 'dense' : null;
}

function ignoreFree(weights: Weights, name: string): void {
  const prefix = `${name}.`;
  for (const each of weights.names)
    if (each.startsWith(prefix) && FREE.test(each.slice(prefix.length))) weights.ignore(each);
}

/** The name of the one norm inside a norm of fields. */
function innerOf(weights: Weights, name: string): string | undefined {
  const prefix = `${name}.`;
  const found = weights.names.flatMap((each) =>
    each.startsWith(prefix) ? (INNER.exec(each.slice(prefix.length))?.[1] ?? []) : [],
  );
  return found.length === 1 ? found[0] : undefined;
}

/** A norm of fields: each of its values holds for all channels of a field. */
function innerNorm(weights: Weights, name: string, channels: number, epsilon: number): Omit<RawNorm, 'from'> {
  const inner = `${name}.${innerOf(weights, name)}`;
  const fields = weights.shape(`${inner}.running_mean`)?.[0] ?? 0;
  if (fields < 1 || channels % fields !== 0) {
    weights.misfits.push(`"${inner}" has ${fields} values, which are no fields of ${channels} channels`);
    return normOf(weights, inner, channels, epsilon);
  }
  const { scale, shift, mean, variance } = normOf(weights, inner, fields, epsilon);
  const repeated = (values: Float32Array) =>
    Float32Array.from({ length: channels }, (_, c) => values[Math.floor((c * fields) / channels)]);
  return {
    ...{ op: 'norm' as const, name, epsilon },
    ...{ scale: repeated(scale), shift: repeated(shift), mean: repeated(mean), variance: repeated(variance) },
  };
}
