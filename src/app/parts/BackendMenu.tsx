/** Which engine computes, on what and why; choosing another one starts a fresh worker. */
import { Button, Menu, Text } from '@mantine/core';
import { memo } from 'react';
import type { BackendReport } from '../../lab/runtime/backend';
import { reopen } from '../../state/drivers/session';
import { useLab } from '../../state/page/lab';
import { probeSentence } from '../../state/words/engine';
import { BACKENDS, type BackendPreference } from '../../worker/protocol/choices';

const NAMES: Record<BackendPreference, string> = {
  auto: 'Automatic',
  webgpu: 'WebGPU',
  wasm: 'WASM',
  'wasm-1': 'WASM, one thread',
  webgl: 'WebGL',
  cpu: 'Plain JavaScript',
};

interface Props {
  /** What computes; without it, the engine of the bench. */
  readonly report?: BackendReport | null;
  readonly testId?: string;
}

/** Memoised: a menu that is drawn ten times a second never gets to open after its delay. */
export const BackendMenu = memo(function BackendMenu({ report, testId = 'backend' }: Props) {
  const bench = useLab(({ backend }) => backend);
  const backend = report === undefined ? bench : report;
  const preference = useLab(({ preference }) => preference);
  const probe = useLab(({ probe }) => probe);
  const label = backend ? NAMES[backend.backend] : 'Engine …';
  return (
    <Menu
      trigger="click-hover"
      openDelay={200}
      closeDelay={200}
      position="bottom-end"
      width={300}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          data-testid={testId}
          miw={104}
          aria-label={`Compute engine: ${label}`}
          title={backend?.adapter}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {backend && (
          <Text px="sm" py={6} className="caption" data-testid={`${testId}-reason`}>
            Runs on {backend.adapter}. {backend.reason}
          </Text>
        )}
        {preference === 'auto' && probe && (
          <Text px="sm" py={6} className="caption" data-testid={`${testId}-probe`}>
            {probeSentence(probe)}
          </Text>
        )}
        <Menu.Divider />
        <Menu.Label>Compute with</Menu.Label>
        <Menu.RadioGroup value={preference} onChange={(name) => reopen(name as BackendPreference)}>
          {BACKENDS.map((name) => (
            <Menu.RadioItem key={name} value={name} closeMenuOnClick>
              {NAMES[name]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
});
