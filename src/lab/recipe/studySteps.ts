/** A study's networks as what they are: chains of steps that anything else can do as well. */
import type { FoldStep, Step, StudyStep } from './step';

/** The steps that make a network of a study, one after the other. Throws `RangeError` for the counter-example. */
export function stepsOfStudy({ cell, settings, tuning }: StudyStep): Exclude<Step, StudyStep | FoldStep>[] {
  const scope = tuning === 'network' ? ('network' as const) : ('head' as const);
  const finetune = settings ? [{ kind: 'finetune' as const, settings: { ...settings, scope } }] : [];
  switch (cell.units) {
    case 'neurons': {
      const { units: _, ...how } = cell;
      return [{ kind: 'prune', ...how, cascade: 'aligned' }, ...finetune];
    }
    case 'fields': {
      const { units: _, ...how } = cell;
      return [{ kind: 'prune-fields', ...how }, ...finetune];
    }
    case 'orbits': {
      const target = cell.ratio === 'ring' ? cell.ratio : { ratio: cell.ratio, method: cell.method };
      return [{ kind: 'prune-orbits', target }, ...finetune];
    }
    case 'mlp':
    case 'heads':
      return [{ kind: 'prune-blocks', ...cell }, ...finetune];
    case 'channels':
      throw new RangeError('Silenced channels leave no network.');
  }
}
