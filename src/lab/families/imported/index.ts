/** Networks that came in from elsewhere, as graphs of ordinary layers. */
import { BadInput } from '../../errors';
import type { Int8 } from '../../nn/arch';
import type { Params } from '../../nn/model';
import { GROUPS } from '../../symmetry/group';
import type { Family, Rounding } from '../family';
import { importedParams, importedWork, watchedLayers } from './layout';
import { type ImportedSpec, importedSchema } from './spec';

export const imported: Family<ImportedSpec> = {
  name: 'imported',
  noun: 'a network from elsewhere',
  schema: importedSchema,
  // None is made here.
  designs: [],
  choices: [],
  named: (id) => {
    throw new BadInput(`"${id}" came in from elsewhere, and is no design to be trained anew.`);
  },
  describe: ({ layers, acting }) => {
    const counted = (op: string, word: string) => {
      const count = layers.filter((layer) => layer.op === op).length;
      return count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`];
    };
    const parts = [
      ...counted('convolution', 'convolution'),
      ...counted('sum', 'residual sum'),
      ...counted('dense', 'dense layer'),
      ...counted('turned dense', 'dense layer in all orientations'),
      ...(acting ? [`channels in fields of ${GROUPS[acting].order} under ${acting}`] : []),
    ];
    return { words: `from elsewhere: ${parts.join(', ')}`, facts: { layers, ...(acting && { acting }) } };
  },
  params: importedParams,
  work: importedWork,
  observed: (spec) => watchedLayers(spec).map(({ shown }) => shown),
  acting: ({ acting }) => acting,
  units: ['filter'],
  rounding,
  portable: {
    refusal:
      "from elsewhere: only networks of the lab's own kind can be taken along with a script that runs them. Write it as " +
      'ONNX, or save its file as it is',
  },
};

function rounding(spec: ImportedSpec, int8: Int8): Rounding<ImportedSpec> {
  const named = (...ops: string[]) =>
    spec.layers
      .filter((layer) => ops.includes(layer.op))
      .map(({ name }) => ({ weight: `${name}.weight`, scale: `${name}.weight_scale`, bias: `${name}.bias` }));
  const convolutions = named('convolution').map((names) => ({
    ...names,
    folded: (params: Params) => {
      const { shape, data } = params[names.weight];
      return { shape, weights: data, bias: params[names.bias].data };
    },
    replaced: [],
  }));
  return {
    arch: { ...spec, int8 },
    matrices: named('dense', 'turned dense').map(({ weight, scale }) => ({ weight, scale })),
    convolutions: int8.layers === 'all' ? convolutions : [],
  };
}
