import { expect, test } from 'vitest';
import { PictureReader } from './pictureReader';

/** A reader whose workers answer with what is said here, one list for each worker. */
function answering(...lists: unknown[][]) {
  const workers: { onmessage: (event: { data: unknown }) => void; isEnded: boolean }[] = [];
  const reader = new PictureReader(() => {
    const replies = lists[workers.length];
    const worker = {
      onmessage: (_: { data: unknown }) => {},
      isEnded: false,
      postMessage: () => {
        const reply = replies.shift();
        setTimeout(() => worker.onmessage({ data: reply }));
      },
      terminate: () => {
        worker.isEnded = true;
      },
    };
    workers.push(worker);
    return worker as unknown as Worker;
  }, 1000);
  return { reader, workers };
}

const tile = () => new File([new Uint8Array(3)], 'tile.png');
const fine = { type: 'done', picture: { width: 7 }, preview: null };

test.each([
  ['nothing', null],
  ['no reply', { type: 'fine' }],
  ['a reply without its picture', { type: 'done', preview: null }],
  ['a reply to another request', { type: 'unpacked' }],
])(
  '%s for an answer fails that picture at once and in words; the next one gets a fresh reader',
  async (_, reply) => {
    const { reader, workers } = answering([reply], [fine]);
    const [first, next] = await Promise.allSettled([reader.read(tile()), reader.read(tile())]);
    expect(first.status === 'rejected' && first.reason.message).toMatch(
      /^tile.png could not be read: .*reload/,
    );
    expect(next).toEqual({ status: 'fulfilled', value: { width: 7 } });
    expect(workers.map(({ isEnded }) => isEnded)).toEqual([true, false]);
  },
);

test('a zip is not taken for unpacked where something else was answered', async () => {
  const { reader } = answering([fine]);
  await expect(reader.unpack(tile(), () => {})).rejects.toThrow(/could not be read/);
});
