/** How training tiles are changed, each time anew, seen on a few of one's own. */
import { Checkbox } from '@mantine/core';
import { useEffect } from 'react';
import type { Recipe } from '../../lab/recipe/schema';
import { tryTurns, turnsAt, useTrying } from '../../state/drivers/trying';
import { AUGMENTS, type AugmentWay, chosenWays, type Training, waysIn } from '../../state/train/designs';
import type { Plan, PlanData } from '../../state/train/plan';
import { AUGMENT_NAMES, AUGMENT_TEXTS, turnsSentence } from '../../state/words/smallData';
import { Explained } from '../parts/Explained';
import { AugmentSheet } from './AugmentSheet';
import { useRecipe } from './recipe';
import classes from './SmallData.module.css';

interface Props {
  readonly plan: Training & Pick<Plan, 'data' | 'size' | 'seed'>;
  readonly data: PlanData | undefined;
  recipe(): Recipe;
  onChange(changes: Pick<Training, 'augment'>): void;
}

export function AugmentField({ plan, data, recipe, onChange }: Props) {
  const ways = waysIn(plan.augment);
  const change = (way: AugmentWay, on: boolean) =>
    onChange({ augment: chosenWays(on ? [...ways, way] : ways.filter((each) => each !== way)) });
  return (
    <fieldset className={classes.set}>
      <legend>
        <Explained
          text="Training tiles may be changed, each time anew, so that a network does not learn them by heart."
          term="augmentation"
        >
          Training tiles are
        </Explained>
      </legend>
      {AUGMENTS.map((way) => (
        <Checkbox
          key={way}
          label={AUGMENT_NAMES[way]}
          description={AUGMENT_TEXTS[way]}
          checked={ways.includes(way)}
          onChange={({ currentTarget: { checked } }) => change(way, checked)}
        />
      ))}
      {ways.includes('turn') && <Turns data={plan.data} recipe={recipe} />}
      {ways.length > 0 && data && (
        <AugmentSheet data={data} augment={plan.augment} size={plan.size} seed={plan.seed} />
      )}
    </fieldset>
  );
}

/** Whether turned tiles are others to this network: measured, once for each that is chosen. */
function Turns({ data, recipe }: Pick<Plan, 'data'> & Pick<Props, 'recipe'>) {
  const about = useRecipe(recipe);
  const found = useTrying((state) => about && turnsAt(state, about, data));
  const isUnknown = found?.status === 'none';
  useEffect(() => {
    if (about && isUnknown) void tryTurns(about, data);
  }, [about, data, isUnknown]);
  if (!found) return null;
  return (
    <p className="caption" role="status" data-testid="turns">
      {found.status === 'done'
        ? turnsSentence(found.result)
        : found.status === 'failed'
          ? found.message
          : 'Measuring what this network makes of turned tiles …'}
    </p>
  );
}
