import { beforeEach, expect, test } from 'vitest';
import { namedArch } from '../../lab/families/gcnn/zoo';
import type { Opened } from '../../worker/protocol/results';
import { shapeOf } from '../page/engine';
import { useLab } from '../page/lab';
import { engineWanted } from './engine';

const spec = namedArch('tiny');
const opened = { nets: { main: { spec } } } as unknown as Opened;
const measured = (shape: string) => ({
  status: 'measured' as const,
  remembered: false,
  measurement: {
    ...{ shape, design: 'tiny', adapter: 'card', code: '1', subject: 'another' },
    paces: { wasm: { rate: 1, adapter: 'cpu' }, webgpu: { rate: 9, adapter: 'card' } },
  },
});

beforeEach(() => useLab.setState({ preference: 'auto', probe: null, opened: null }));

test('what was measured on networks of this shape counts, whatever they were', () => {
  useLab.setState({ opened, probe: measured(shapeOf(spec)) });
  expect(engineWanted()).toEqual({ backend: 'auto', first: { engine: 'webgpu', adapter: 'card' } });
});

test('of networks of another shape, or of none yet, nothing is known', () => {
  useLab.setState({ opened, probe: measured('other') });
  expect(engineWanted()).toEqual({ backend: 'auto', first: { engine: 'wasm', adapter: null } });
  useLab.setState({ opened: null, probe: measured(shapeOf(spec)) });
  expect(engineWanted()).toEqual({ backend: 'auto', first: { engine: 'wasm', adapter: null } });
});

test('an engine chosen by name is what is started', () => {
  useLab.setState({ preference: 'webgl', opened, probe: measured(shapeOf(spec)) });
  expect(engineWanted()).toEqual({ backend: 'webgl' });
});
