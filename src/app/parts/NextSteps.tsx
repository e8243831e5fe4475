/** Where a network can go on from here, without being trained again: one small menu, the same beside every network. */
import { Button, Menu } from '@mantine/core';
import { goOn, NEXT_VIEWS, type NetworkAt, type NextView } from '../../state/drivers/networks';

interface Props {
  readonly at: NetworkAt;
  /** Rounded to 8-bit integers: it can be looked at, and changed no more. */
  readonly integers?: boolean;
  readonly disabled?: boolean;
  readonly size?: 'xs' | 'sm' | 'compact-sm';
  /** The view that it is in already. */
  readonly here?: NextView;
  /** Came in from elsewhere: its filters go, and it has no fields. */
  readonly filters?: boolean;
  /** What it is called for those who do not see beside what it stands. */
  readonly label?: string;
}

const NAMES: Readonly<Record<NextView, string>> = {
  prune: 'Prune neurons',
  fields: 'Prune fields',
  adapt: 'Adapt',
  pipeline: 'Quantise and check',
  rotate: 'Rotate',
};

export function NextSteps({
  at,
  integers = false,
  disabled = false,
  size = 'xs',
  here,
  filters = false,
  label,
}: Props) {
  const views = integers
    ? (['rotate'] as const)
    : NEXT_VIEWS.filter((view) => (at.kind === 'made' || view !== here) && !(filters && view === 'fields'));
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button size={size} variant="default" flex="none" disabled={disabled} aria-label={label}>
          Go on with it
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {views.map((view) => (
          <Menu.Item key={view} onClick={() => void goOn(at, view)}>
            {filters && view === 'prune' ? 'Prune filters' : NAMES[view]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
