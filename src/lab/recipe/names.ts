/**
 * What records are called: a readable name made of what a step does. Names are for people and for `from`; what a record
 * *is*, its identity says (identity.ts). No two of one recipe are alike, not even as file names.
 */
import { percents } from './percents';
import type { Step } from './step';
import { studyName } from './studyPlan';

/** What a step does, in a few words. */
export function describe(step: Step): string {
  switch (step.kind) {
    case 'train':
    case 'continue':
    case 'distil':
      return step.kind;
    case 'prune':
    case 'prune-fields':
      return `prune ${pruningOf(step)}`;
    case 'prune-orbits': {
      const { layer, target } = step;
      const what = target === 'ring' ? 'ring' : `${target.method} ${percents(target.ratio)}`;
      return `prune orbits ${what}${layer === undefined ? '' : ` in layer ${layer}`}`;
    }
    case 'prune-blocks': {
      const { units, method, compensation, ratio, ranking } = step;
      return `prune ${units} ${method} ${compensation} ${percents(ratio)}${ranking === 'block' ? ' per block' : ''}`;
    }
    case 'prune-filters': {
      const { method, compensation, ratio } = step;
      return `prune filters ${method} ${compensation} ${percents(ratio)}`;
    }
    case 'finetune':
      return `finetune ${step.settings.scope}`;
    case 'adapt':
    case 'adapt-fold':
      return `adapt ${wayOf(step)}${step.kind === 'adapt-fold' ? ` fold ${step.fold + 1}` : ''}`;
    case 'project':
      return `project ${step.group}`;
    case 'quantise':
      return `quantise ${step.layers} per ${step.range}`;
    case 'check':
      return `check ${step.part}`;
    case 'study':
      return studyName(step.cell, step.tuning);
  }
}

/** How a network is adapted: `plain`, `turned tiles C4`, `logits C4 0.1`, `weights D4 by folds`. */
function wayOf({ lambda, penalty, group, augment }: Extract<Step, { kind: 'adapt' | 'adapt-fold' }>): string {
  const tiles = augment ? 'turned tiles' : '';
  if (lambda === 0) return augment ? `${tiles} ${group}` : 'plain';
  const how = typeof lambda === 'number' ? String(lambda) : 'by folds';
  return `${penalty} ${group} ${how}${augment ? `, ${tiles}` : ''}`;
}

/** What a pruning removes and how: `l2 none 50%`, `fields taylor norms macs 50% in layers 1,2`. */
export function pruningOf(step: Extract<Step, { kind: 'prune' | 'prune-fields' }>): string {
  const { method, compensation, ratio, steps } = step;
  const inSteps = steps ? ` in ${steps.count} steps` : '';
  if (step.kind === 'prune') {
    const wrong = step.cascade === 'aligned' ? '' : `${step.cascade} `;
    return `${method} ${compensation} ${wrong}${percents(ratio)}${inSteps}`;
  }
  const { budget, layers } = step;
  const where = layers ? ` in layers ${layers.join(',')}` : '';
  return `fields ${method} ${compensation} ${budget ? `${budget} ` : ''}${percents(ratio)}${where}${inSteps}`;
}

/** A name as part of a file's name. */
export const slugOf = (name: string): string => name.replaceAll('%', '').replaceAll(/[^\w.-]+/g, '-');

/** Gives out names that differ from all given out before. */
export class Names {
  readonly #taken = new Set<string>();

  /** Whether a name may still be given out. */
  isFree(name: string): boolean {
    return !this.#taken.has(slugOf(name));
  }

  /** The first that is free: the name, the name with what it was made from, or with a number. */
  give(name: string, madeFrom: string | null): string {
    const choices = [name, ...(madeFrom === null ? [] : [`${name} of ${madeFrom}`])];
    let free = choices.find((each) => this.isFree(each));
    for (let number = 2; free === undefined; number++) {
      const numbered = `${name} ${number}`;
      if (this.isFree(numbered)) free = numbered;
    }
    this.#taken.add(slugOf(free));
    return free;
  }
}
