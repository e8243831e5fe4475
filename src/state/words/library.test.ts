import { afterEach, expect, test } from 'vitest';
import { JobFailed } from '../../worker/protocol/jobErrors';
import { useLibrary } from '../page/library';
import { explain } from './explain';
import { deletedSentence, unlessDeleted } from './library';

/** With ordinary blanks. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const none = { runs: 0, datasets: 0, networks: 0, points: 0 };
afterEach(() => useLibrary.setState({ lost: null }));

test('what was deleted under the page is counted', () => {
  expect(plain(deletedSentence({ ...none, runs: 3, datasets: 1, networks: 2 }))).toBe(
    'What this browser had stored for this page was deleted meanwhile, and with it 3 runs, 1 data set and 2 networks. What is open on this page is still here: save it as files where you want to keep it.',
  );
  expect(plain(deletedSentence({ ...none, points: 1 }))).toContain('with it 1 measurement. ');
  expect(deletedSentence(none)).toMatch(/deleted meanwhile; nothing of yours was in it\.$/);
});

test('nothing is said to be kept, or not to be lost, once all of it was deleted', () => {
  const failure = new JobFailed('failure', 'The connection is closing.', null);
  expect(explain(failure)).toBe('The connection is closing. Nothing of yours was lost; try again.');
  expect(unlessDeleted('Every finished epoch was kept.')).toBe('Every finished epoch was kept.');
  useLibrary.setState({ lost: { ...none, runs: 2 } });
  expect(explain(failure)).toMatch(/^The connection is closing\. .*deleted meanwhile, and with it 2\sruns\./);
  expect(explain(failure)).not.toContain('Nothing of yours was lost');
  expect(unlessDeleted('Every finished epoch was kept.')).toMatch(/deleted meanwhile, and with it 2\sruns/);
  // What says itself what was kept stays as it is.
  expect(explain(new JobFailed('bad-input', 'No such tile.', null))).toBe('No such tile.');
});
