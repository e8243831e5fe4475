/** What a step of a recipe waits for. */
import { choicesOf, foldsOf, type Planned, type Source } from './plan';

/**
 * The steps whose networks or figures a step takes, in the order of the recipe: that which makes its network, that which
 * made what it is to reach, all that its rule chooses from, the folds that choose its λ.
 */
export function needsOf(planned: readonly Planned[], step: Planned): Planned[] {
  const taken = new Set([...namesIn(planned, step.input), ...namesIn(planned, step.towards)]);
  const folds = step.kind === 'adapt' ? foldsOf(step.at) : null;
  return planned.filter(({ name, group }) => taken.has(name) || (folds !== null && group === folds));
}

function namesIn(planned: readonly Planned[], source: Source | null): string[] {
  if (source?.kind === 'step') return [source.name];
  return source?.kind === 'rule' ? choicesOf(planned, source.rule).map(({ name }) => name) : [];
}
