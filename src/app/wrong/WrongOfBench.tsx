/** Of the network on the bench: whole, pruned where the slider rests, fine-tuned there, and the other one. */
import { useEffect, useMemo } from 'react';
import { lookWhere } from '../../state/drivers/wrong';
import { useIsHidden } from '../../state/page/flags';
import { useLab } from '../../state/page/lab';
import { finetuningOf, useExperiment } from '../../state/prune/experiment';
import { benchSubject } from '../../state/wrong/subjects';
import { useWrong } from '../../state/wrong/wrong';
import { WrongCard } from './WrongCard';

export function WrongOfBench({ className }: { className: string }) {
  const opened = useLab(({ opened }) => opened);
  const settled = useExperiment(({ settled }) => settled);
  const hidesTuned = useIsHidden('finetuning');
  const tuned = useExperiment((state) => {
    const found = finetuningOf(state, state.settled);
    return found?.status === 'done' && !hidesTuned ? found.result.key : null;
  });
  const way = useExperiment(({ way }) => way);
  const subject = useMemo(
    () => opened && benchSubject(opened, settled, tuned, way),
    [opened, settled, tuned, way],
  );
  // A link asks for it.
  const isWanted = useWrong(({ wanted }) => wanted !== null);
  const ready = useLab(({ status }) => status === 'ready');
  useEffect(() => {
    if (isWanted && ready && subject) lookWhere(subject);
  }, [isWanted, ready, subject]);
  if (!subject) return null;
  return (
    <WrongCard
      subject={subject}
      className={className}
      changed="What follows is of another position of the slider, or of before the fine-tuning."
    />
  );
}
