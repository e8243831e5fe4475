/** Of a transformer: what the slider removes, and whether its blocks are ranked together. */
import { Group, SegmentedControl } from '@mantine/core';
import { changeWay, useExperiment } from '../../state/prune/experiment';
import { BLOCK_UNIT_CHOICES } from '../../state/prune/unitNames';
import type { Way } from '../../worker/protocol/choices';
import { Explained } from '../parts/Explained';
import classes from './ControlBar.module.css';

const RANKINGS = [
  { value: 'network', label: 'All blocks together' },
  { value: 'block', label: 'Each block' },
];

export function WayFields() {
  const unit = useExperiment(({ way }) => way.unit);
  const ranking = useExperiment(({ way }) => way.ranking);
  return (
    <Group gap="sm" className={classes.way}>
      <Group gap={6}>
        <Explained
          term="hidden-neuron"
          text="Of each block the hidden neurons of its MLP go, or heads of its attention. Under a group each is a whole field, in all orientations, so what is left is as equivariant as before."
        >
          What goes
        </Explained>
        <SegmentedControl
          size="xs"
          aria-label="What goes"
          value={unit}
          data={[...BLOCK_UNIT_CHOICES]}
          onChange={(value) => changeWay({ unit: value as Way['unit'] })}
        />
      </Group>
      <Group gap={6}>
        <Explained
          term="ranked-together"
          text="All blocks together: the lowest of the whole network go first, as in variance-based pruning, and every block keeps one at least. Each block: the same share of every block."
        >
          Ranked
        </Explained>
        <SegmentedControl
          size="xs"
          aria-label="Ranked"
          value={ranking}
          data={RANKINGS}
          onChange={(value) => changeWay({ ranking: value as Way['ranking'] })}
        />
      </Group>
    </Group>
  );
}
