/** Which time the chart shows; those of other engines and batches are measured when a person asks for it. */
import { Button, Group, Select, Text } from '@mantine/core';
import { stopTimingPoints, timePoints, usePointTiming } from '../../state/drivers/trunkTiming';
import { type CostName, isTimed, TIMED } from '../../state/fields/tradeOff';
import { useTrunk } from '../../state/fields/trunkState';
import { count } from '../../state/words/format';
import type { TrunkPoint } from '../../storage/rows';

const NAMES = {
  latency: 'Lab, 16 pictures, when it was pruned',
  'lab-1': 'Lab, one picture',
  'lab-32': 'Lab, 32 pictures',
  'onnxruntime-1': 'ONNX Runtime, one picture',
  'onnxruntime-32': 'ONNX Runtime, 32 pictures',
} as const;

interface Props {
  readonly cost: CostName;
  readonly points: readonly TrunkPoint[];
  onChange(cost: CostName): void;
}

export function TimedAs({ cost, points, onChange }: Props) {
  const { live, message } = usePointTiming();
  const doing = useTrunk(({ doing }) => doing);
  const fingerprint = useTrunk(({ ranked }) => ranked?.fingerprint);
  const here = points.filter((point) => point.network.fingerprint === fingerprint && point.key !== null);
  const missing = isTimed(cost)
    ? here.filter(({ timed }) => !timed?.some((each) => each.engine === TIMED[cost].engine))
    : [];
  return (
    <Group gap={8} mt={8}>
      <Select
        size="xs"
        w={260}
        aria-label="Which time"
        allowDeselect={false}
        value={cost}
        data={Object.entries(NAMES).map(([value, label]) => ({ value, label }))}
        onChange={(value) => value && onChange(value as CostName)}
      />
      {(missing.length > 0 || live) && (
        <Button
          size="xs"
          variant="default"
          loading={live !== null}
          disabled={doing !== null}
          title="Each network in turn with the unpruned one, by the lab and by ONNX Runtime: some seconds each"
          onClick={() => void timePoints(missing)}
        >
          Time {count(missing.length, 'network')} here
        </Button>
      )}
      {live && (
        <Button size="xs" variant="default" onClick={stopTimingPoints}>
          Stop
        </Button>
      )}
      <Text size="sm" role="status" component="div">
        {live && `Network ${live.done + 1} of ${live.total} …`}
        {message}
      </Text>
    </Group>
  );
}
