/** The epochs of a fine-tuning as rows of a table to be saved; epoch 0 is the pruned network before them. */
import type { EpochRecord } from '../../lab/stage/history';
import type { Table } from '../../state/page/table';

export const epochRows = (
  start: number,
  epochs: readonly EpochRecord[],
): Pick<Table, 'columns' | 'rows'> => ({
  columns: ['epoch', 'accuracy (share)', 'training loss (nats)', 'learning rate', 'time (s)'],
  rows: [
    [0, start, null, null, null],
    ...epochs.map(({ epoch, accuracy, loss, learningRate, seconds }) => [
      epoch,
      accuracy,
      loss,
      learningRate,
      seconds,
    ]),
  ],
});
