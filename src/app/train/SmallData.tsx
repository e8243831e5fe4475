/** Help for few tiles, and for classes of unequal size: what a training is given beside its design, folded away. */

import type { ReactNode } from 'react';
import { imbalanceWords } from '../../lab/data/imbalance';
import type { Recipe } from '../../lab/recipe/schema';
import { BALANCE_CHOICES, type Training } from '../../state/train/designs';
import type { Plan, PlanData } from '../../state/train/plan';
import { BALANCE_NAMES, BALANCE_SENTENCES } from '../../state/words/smallData';
import { Choice, More } from '../parts/RunFields';
import type { NumberOf } from '../parts/RunForm';
import { AugmentField } from './AugmentField';
import { RateFinder } from './RateFinder';
import classes from './SmallData.module.css';

interface Props {
  readonly plan: Training & Pick<Plan, 'data' | 'size' | 'seed'>;
  readonly data: PlanData | undefined;
  /** What is about to be run. Throws `BadInput` where it cannot be. */
  recipe(): Recipe;
  onChange(changes: Partial<Training>): void;
  readonly NumberOf: NumberOf<'patience'>;
  /** What it starts from, where that can be chosen. */
  readonly start?: ReactNode;
}

export function SmallData({ plan, data, recipe, onChange, NumberOf, start }: Props) {
  const unequal = data ? imbalanceWords(data.classes, data.counts) : null;
  return (
    <>
      {unequal && (
        <p className={`caption ${classes.note}`} data-testid="imbalance">
          {unequal}
        </p>
      )}
      {(unequal || plan.balance !== 'none') && (
        <Choice
          label="Make classes count the same"
          text="Balanced accuracy, the mean of the classes’ own accuracies, tells whether the small ones are learnt. Where this is chosen it decides which epoch is kept."
          term="balanced-accuracy"
          value={plan.balance}
          names={BALANCE_CHOICES.map((value) => ({ value, label: BALANCE_NAMES[value] }))}
          note={BALANCE_SENTENCES[plan.balance]}
          onChange={(balance) => onChange({ balance })}
        />
      )}
      <More title="Options for small or uneven data">
        <div className={classes.options}>
          {start}
          <AugmentField plan={plan} data={data} recipe={recipe} onChange={onChange} />
          <RateFinder plan={plan} recipe={recipe} onChange={onChange} />
          <NumberOf
            name="patience"
            label="Patience, epochs"
            text="After so many epochs without a gain on validation tiles training stops early. Whenever it ends, the weights of the epoch that was best on them are kept."
            term="epoch"
          />
        </div>
      </More>
    </>
  );
}
