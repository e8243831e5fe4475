/** Masked against extracted in a transformer's blocks: same answers; only the second network is smaller. */
import { relativeDifference } from '../../evaluate/difference';
import { latencies } from '../../evaluate/latency';
import { turnedLogits } from '../../evaluate/quarterTurns';
import { encodeModel } from '../../files/modelFile';
import type { Stage } from '../../stage/events';
import { QUARTER_TURNS } from '../../symmetry/group';
import type { Extraction } from '../neurons/extraction';
import { compensateUnits } from './compensate';
import { extractUnits, maskUnits } from './extract';
import type { Stop } from './stops';
import { type BlockStudy, type Filling, prunedAt } from './study';

/** The time is that of the whole network. */
export async function* measureBlockExtraction(
  study: BlockStudy,
  filling: Filling,
  stop: Stop,
): Stage<Extraction> {
  const { model, unit, dataset, val, statistics } = study;
  const { kept } = prunedAt(study, filling, stop);
  const compensated = compensateUnits(model, unit, kept, filling.compensation, statistics);
  const [masked, extracted] = [maskUnits(compensated, unit, kept), extractUnits(compensated, unit, kept)];
  const upright = QUARTER_TURNS.slice(0, 1);
  const [[a], [b]] = [
    yield* turnedLogits(masked, dataset, val, upright),
    yield* turnedLogits(extracted, dataset, val, upright),
  ];
  const [whole, smaller] = await latencies([masked.arch, extracted.arch]);
  return {
    difference: relativeDifference(b, a),
    tiles: val.length,
    bytes: { masked: encodeModel(masked).length, extracted: encodeModel(extracted).length },
    seconds: { masked: whole, extracted: smaller },
  };
}
