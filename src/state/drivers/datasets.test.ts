import { afterEach, expect, test, vi } from 'vitest';
import type { DatasetRow } from '../../storage/rows';
import { useDatasets } from '../data/datasets';
import { importGiven, refreshDatasets, resolveClash } from './datasets';

type Answer = (rows: DatasetRow[]) => void;
const asked: Answer[] = [];
vi.mock('../../storage/datasets', () => ({
  listDatasets: () => new Promise<DatasetRow[]>((resolve) => asked.push(resolve)),
  deleteDataset: async () => {},
}));
vi.mock('../../storage/downloads', () => ({
  listDownloads: async () => [],
  forgetDownloads: async () => {},
}));
vi.mock('./workers', () => ({ newClient: () => ({}) }));
vi.mock('../../storage/room', () => ({ estimateRoom: async () => null }));

// Node 20 has none.
vi.stubGlobal('navigator', {});

const land = { id: 'land', name: 'land' } as unknown as DatasetRow;

afterEach(() => {
  asked.length = 0;
  useDatasets.setState({ rows: null, shown: 'synthetic' });
});

test('a list that was read before a data set was kept does not hide it', async () => {
  const before = refreshDatasets();
  const after = refreshDatasets('land');
  asked[1]([land]);
  await after;
  expect(useDatasets.getState()).toMatchObject({ rows: [land], shown: 'land' });
  asked[0]([]);
  await before;
  expect(useDatasets.getState()).toMatchObject({ rows: [land], shown: 'land' });
});

test('what is wanted is shown, whichever list comes last', async () => {
  const wanting = refreshDatasets('land');
  const plain = refreshDatasets();
  asked[0]([land]);
  // Overtaken, it asks once more.
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  asked[2]([land]);
  asked[1]([land]);
  await Promise.all([wanting, plain]);
  expect(useDatasets.getState().shown).toBe('land');
});

test('a taken name answered with Cancel ends in a sentence: nothing was read', () => {
  useDatasets.setState({ clashing: { name: 'land', content: new File(['x'], 'land.zip') }, notice: null });
  resolveClash('cancel');
  expect(useDatasets.getState()).toMatchObject({
    clashing: null,
    notice: 'Nothing was read. The “land” that is kept stays as it is.',
  });
});

test('what cannot be a data set is refused before it is handed over', async () => {
  const content = ['1.png', '2.png'].map((path) => ({ path, file: new File(['x'], path) }));
  await importGiven(() => ({ name: 'Dropped files', content }));
  expect(useDatasets.getState()).toMatchObject({
    running: null,
    trouble: expect.stringMatching(/^2 files in no folder/),
  });
});
