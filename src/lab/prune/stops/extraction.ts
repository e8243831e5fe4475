/** Masked against extracted where each stop is a network of its own: same answers; only the second network is smaller. */
import { relativeDifference } from '../../evaluate/difference';
import { latencies } from '../../evaluate/latency';
import { turnedLogits } from '../../evaluate/quarterTurns';
import { encodeModel } from '../../files/modelFile';
import type { Stage } from '../../stage/events';
import { QUARTER_TURNS } from '../../symmetry/group';
import type { Stop } from '../blocks/stops';
import type { Filling } from '../blocks/study';
import type { Extraction } from '../neurons/extraction';
import { removalOf, type StopStudy } from './removal';

/** The time is that of the whole network. */
export async function* measureStopExtraction(
  study: StopStudy,
  filling: Filling,
  stop: Stop,
): Stage<Extraction> {
  const { dataset, val } = study;
  const removal = removalOf(study);
  const [masked, extracted] = [removal.masked(filling, stop), removal.pruned(filling, stop)];
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
