/** What stands in the Pipeline view before the first run: what the form, as it is, is going to do. */
import {
  type Begin,
  DEFAULT_PIPELINE,
  type OpenedRecipe,
  type PipelinePlan,
  worksOnBlocks,
} from '../pipeline/pipeline';
import { partWords } from './pipeline';

interface Form {
  readonly plan: PipelinePlan;
  readonly begin: Begin | null;
  readonly opened: OpenedRecipe | null;
}

const PRESS = 'Press “Run the pipeline”';
const CARDS =
  'Each stage leaves a card: accuracy, size, cost, and whether turned tiles get the same answers.';

/** In order. */
export function emptySteps({ plan, begin, opened }: Form): string[] {
  if (opened) return [`${PRESS}: the stages of ${opened.file} run one after the other.`, CARDS];
  return [`${PRESS}: ${beginning(plan, begin)}.`, pruning(plan, begin), CARDS];
}

function beginning({ hidden }: PipelinePlan, begin: Begin | null): string {
  if (begin) return `it goes on from “${begin.name}”`;
  return hidden > 0 ? 'a network is trained, and a smaller one learns from it' : 'a network is trained';
}

function pruning(plan: PipelinePlan, begin: Begin | null): string {
  const what = worksOnBlocks(plan, begin) ? plan.units : 'neuron';
  return plan.ratio > 0
    ? `${partWords(plan.ratio, what)} go; it is fine-tuned if that hurt, and rounded to integers.`
    : 'It is rounded to integers.';
}

/** Where the settings come from, and how long they take where that is known. */
export function emptyNote(form: Form): string {
  const away = 'You may close the page meanwhile.';
  if (form.opened) return away;
  if (isDefault(form.plan) && !form.begin)
    return `The settings on the left are the paper’s pipeline on a small network: about two minutes on an ordinary computer. ${away}`;
  if (worksOnBlocks(form.plan, form.begin))
    return `Units inside the blocks of a transformer go as in variance-based pruning: at once, and then all of the network is fine-tuned. ${away}`;
  return away;
}

const isDefault = (plan: PipelinePlan): boolean => JSON.stringify(plan) === JSON.stringify(DEFAULT_PIPELINE);
