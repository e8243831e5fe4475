/** What a network made by hand is called when it is kept: the name of the network it was made from, and a word or two. */
import { useLab } from '../page/lab';

const WORDS = {
  pruned: 'pruned',
  tuned: 'pruned, fine-tuned',
  fields: 'fields pruned',
  orbits: 'kernels pruned',
};

/** "half, pruned". */
export function madeName(what: keyof typeof WORDS, tuned = false): string {
  const title = useLab.getState().opened?.nets.main.title ?? 'Network';
  return `${title}, ${WORDS[what]}${tuned ? ', fine-tuned' : ''}`;
}
