/** Where a kept network opens: in one step between views, so that Back leads to where the person was. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { NetworkRow } from '../../storage/rows';
import { useLab } from '../page/lab';
import { useView, VIEWS } from '../page/view';
import { openKept } from './networks';

// What computes is of no matter here.
vi.mock('./session', () => ({ openSubject: vi.fn() }));
vi.mock('./training', () => ({ networkFile: vi.fn() }));

test('a network opens in a view that takes it, with one step at most', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...VIEWS),
      fc.constantFrom(...VIEWS),
      fc.boolean(),
      (from, wanted, integers) => {
        useLab.setState({ notice: null });
        useView.setState({ view: from });
        const steps: string[] = [];
        const unsubscribe = useView.subscribe(({ view }, before) => {
          if (view !== before.view) steps.push(view);
        });
        openKept({ id: 'x', name: 'mine', integers } as NetworkRow, wanted);
        unsubscribe();
        const { view } = useView.getState();
        expect(steps).toEqual(view === from ? [] : [view]);
        if (integers) expect(view).toBe('rotate');
        else if (['prune', 'fields', 'rotate'].includes(wanted)) expect(view).toBe(wanted);
        expect(useLab.getState().notice !== null).toBe(integers && wanted !== 'rotate');
      },
    ),
  );
});
