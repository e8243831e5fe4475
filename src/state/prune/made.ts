/** What a network made by hand is called when it is kept: the first name of what it was made from, and what was done last. */
import { firstName } from '../../lab/recipe/networkNames';
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
  return `${firstName(title)}, ${WORDS[what]}${tuned ? ', fine-tuned' : ''}`;
}
