/** From a network to an ONNX file that was run and held against the lab: what page and command line hand out. */
import { BadInput } from '../../errors';
import { graphOf } from '../../families/graphs';
import type { Model } from '../../nn/model';
import { quantiseModel } from '../../quantize/quantise';
import type { Stage } from '../../stage/events';
import { rangesOn } from './calibrate';
import type { MadeChoices } from './choices';
import { compareOnnx, type FileComparison, type Pictures } from './compare';
import { inIntegers } from './integers';
import { type OnnxNetwork, onnxOfGraph } from './onnx';
import type { LoadRuntime } from './runtime';

/** Pictures of which some give ranges, and others check the file. */
export interface Trial {
  readonly pictures: Pictures;
  readonly calibration: Uint32Array;
  readonly check: Uint32Array;
}

export interface MadeOnnx {
  readonly network: OnnxNetwork;
  readonly comparison: FileComparison;
}

/** Throws `BadInput` for a network that has no such form, for a wrong batch, and where the runtime does not load. */
export async function* makeOnnx(
  model: Model,
  choices: MadeChoices,
  trial: Trial,
  load: LoadRuntime,
): Stage<MadeOnnx> {
  const { rounding } = choices;
  if (rounding !== 'none' && model.arch.int8)
    throw new BadInput(
      'This network is in 8-bit integers already, and is written as it is: choose no rounding, or take the network of floats.',
    );
  const made = rounding === 'dynamic' ? quantiseModel(model, { layers: 'all', range: 'tile' }) : model;
  const { pictures, calibration, check } = trial;
  let graph = graphOf(made);
  if (rounding === 'static')
    graph = inIntegers(graph, yield* rangesOn(model, graph, pictures, calibration, load), choices.scales);
  const network = onnxOfGraph(made, graph, choices);
  const floats = rounding === 'dynamic' ? model : undefined;
  const comparison = yield* compareOnnx(made, network, choices, pictures, check, load, floats);
  return { network, comparison };
}
