/** What a training will take on this device: time, memory and disk, measured on a few steps when it is asked for. */
import { Button, Group, Text } from '@mantine/core';
import { keyOf, measureCost, useCosting } from '../../state/drivers/costing';
import { type Plan, type PlanData, trainingToBe } from '../../state/train/plan';

export function CostHere({ plan, data }: { plan: Plan; data: PlanData | undefined }) {
  const { key, isMeasuring, said } = useCosting();
  const wanted = trainingToBe(plan, data);
  const isAbout = wanted !== null && key === keyOf(wanted);
  return (
    <Group gap={8} align="center">
      <Button
        size="compact-sm"
        variant="default"
        flex="none"
        loading={isMeasuring}
        disabled={wanted === null}
        onClick={() => wanted && void measureCost(wanted)}
      >
        What will it take here?
      </Button>
      <Text size="sm" component="p" m={0} role="status" data-testid="cost-here">
        {isAbout && isMeasuring && 'Measuring a few steps …'}
        {isAbout && said}
      </Text>
    </Group>
  );
}
