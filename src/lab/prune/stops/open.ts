/** Opening a study of which each stop is a network of its own, whichever units its network has. */
import { requireBlocks, requireFilters, sliderUnits } from '../../families/units';
import type { AnyModel } from '../../nn/model';
import type { Stage } from '../../stage/events';
import {
  type BlockAnswers,
  type BlockTiles,
  type BlockWay,
  blockStudyWith,
  openBlockStudy,
} from '../blocks/study';
import { type FilterAnswers, filterStudyWith, openFilterStudy } from '../filters/study';
import type { StopStudy } from './removal';

/** `way`: of a transformer. Throws `BadInput` for a network in integers, and for one without such units. */
export async function* openStudy(
  model: AnyModel,
  tiles: BlockTiles,
  way: BlockWay,
  seed: number,
): Stage<StopStudy> {
  if (hasFilters(model)) return yield* openFilterStudy(requireFilters(model), tiles, seed);
  return yield* openBlockStudy(requireBlocks(model), tiles, way, seed);
}

/** The study with what was found out before; null where that does not fit. */
export function studyWith(
  model: AnyModel,
  tiles: BlockTiles,
  way: BlockWay,
  seed: number,
  answers: BlockAnswers | FilterAnswers,
): StopStudy | null {
  return hasFilters(model)
    ? filterStudyWith(requireFilters(model), tiles, seed, answers as FilterAnswers)
    : blockStudyWith(requireBlocks(model), tiles, way, seed, answers as BlockAnswers);
}

const hasFilters = ({ arch }: AnyModel): boolean => sliderUnits(arch).includes('filter');
