/** Where a network is wrong: asked for by a button, because every tile then goes through it at four turns. */
import { Button, Group, Title } from '@mantine/core';
import { Suspense } from 'react';
import { lookAway, lookWhere } from '../../state/drivers/wrong';
import { useLab } from '../../state/page/lab';
import { BENCH, useWrong, type WrongSubject } from '../../state/wrong/wrong';
import { lazyView } from '../parts/lazyView';
import { leaving, TITLE } from './leaving';
import classes from './WrongCard.module.css';

const WrongReport = lazyView(() => import('./WrongReport'));

interface Props {
  readonly subject: WrongSubject;
  /** What the subject is by now, in a sentence, where another one is shown. */
  readonly changed: string;
  readonly className?: string;
}

export function WrongCard({ subject, changed, className = '' }: Props) {
  // What is on the bench has to be there; a run needs an engine alone.
  const ready = useLab(({ status, backend }) =>
    subject.place === BENCH ? status === 'ready' : backend !== null,
  );
  const shown = useWrong(({ looked }) => looked?.subject ?? null);
  const isHere = shown?.place === subject.place;
  const isOther = isHere && shown.key !== subject.key;
  return (
    <section className={`card ${className}`} aria-labelledby={TITLE} data-testid="wrong">
      <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
        <Title order={2} size="h4" id={TITLE} tabIndex={-1} className={classes.title}>
          Where it is wrong
        </Title>
        {isHere && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            onClick={() => leaving(lookAway)}
            data-unsaved
          >
            Close
          </Button>
        )}
      </Group>
      {!isHere && (
        <p className={`caption ${classes.intro}`}>
          Which classes are taken for which, tile by tile; precision and recall; whether its probabilities can
          be believed; and what pruning and fine-tuning lost and found. Every tile goes through the network at
          four turns, here.
        </p>
      )}
      {isOther && (
        <p className={classes.other} role="status">
          {changed}
        </p>
      )}
      {(!isHere || isOther) && (
        <Button
          size="sm"
          variant="default"
          disabled={!ready}
          onClick={() => leaving(() => lookWhere(subject))}
        >
          {isOther ? 'Look again' : 'See where it is wrong'}
        </Button>
      )}
      {isHere && (
        <Suspense fallback={<div className={classes.place} aria-busy="true" />}>
          <WrongReport />
        </Suspense>
      )}
    </section>
  );
}
