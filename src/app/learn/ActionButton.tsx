/** The button that does for the reader what a step of a lesson asks for. */
import { Button } from '@mantine/core';
import type { Action, Seen } from '../../state/learn/lessons/lesson';

export function ActionButton({ action, seen }: { action: Action; seen: Seen }) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={action.busy?.(seen) ?? false}
      onClick={() => action.run(seen)}
    >
      {action.label}
    </Button>
  );
}
