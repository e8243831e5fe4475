/** What a training starts from: a fresh network, or one that has learnt already, whose last layer is made anew for other classes. */
import { Button, NativeSelect } from '@mantine/core';
import { z } from 'zod';
import { sameClasses } from '../../lab/data/tiles';
import { useShipped } from '../../state/drivers/adapting';
import { startFrom } from '../../state/drivers/starting';
import type { PlanData } from '../../state/train/plan';
import { useStart } from '../../state/train/start';
import { count } from '../../state/words/format';
import { NumberField } from '../parts/RunFields';
import { useBeginnings } from '../parts/useBeginnings';
import classes from './SmallData.module.css';

const FRESH = '';

export function StartField() {
  const { network, begin, frozen } = useStart();
  const groups = useBeginnings(useShipped(({ all }) => all) ?? []);
  return (
    <div className={classes.options}>
      <NativeSelect
        label="Start from"
        value={network ?? FRESH}
        data={[{ value: FRESH, label: 'A fresh network' }, ...groups]}
        onChange={({ currentTarget: { value } }) => void startFrom(value === FRESH ? null : value)}
      />
      {begin && (
        <NumberField
          label="Epochs in which its last layer alone learns"
          text="0: all of it learns from the beginning."
          value={frozen}
          schema={FROZEN}
          onChange={(next) => useStart.setState({ frozen: next })}
        />
      )}
    </div>
  );
}

const FROZEN = z.int().min(0).max(1000);

/** In the place of a design: what the training starts from, and what these tiles ask of it. */
export function StartedFrom({ data }: { data: PlanData | undefined }) {
  const { begin, refusal } = useStart();
  return (
    <div>
      <p className="caption" role="status" data-testid="start-from">
        {refusal ?? (begin ? factsOf(begin.name, begin.given.model, data) : 'The network is being opened …')}
      </p>
      <Button size="sm" variant="default" mt={6} onClick={() => void startFrom(null)}>
        Start afresh instead
      </Button>
    </div>
  );
}

type Facts = Pick<import('../../lab/nn/model').AnyModel, 'arch' | 'classes'>;

function factsOf(name: string, { arch, classes }: Facts, data: PlanData | undefined): string {
  const known = `Starts from “${name}”: ${arch.id}, ${arch.input.size}×${arch.input.size}, ${count(classes.length, 'class', 'classes')}.`;
  if (!data || sameClasses(classes, data.classes)) return `${known} It goes on learning these tiles.`;
  return `${known} These tiles have other classes: its last layer is made anew, drawn from the seed; all before it is taken.`;
}
