/** A process that does jobs for a worker, one after the other, as it is told over its channel. What it has opened it keeps. */
import { BadInput, messageOf } from '../../src/lab/errors';
import { type Artefacts, openArtefacts, StoreError } from '../artefacts/open';
import { startNodeBackend } from '../node/backend';
import { beginSession } from '../sessions';
import { Few } from './few';
import { RecipeSteps, Unready } from './recipeSteps';
import type { Answer, Fault, Numbered, Order, StepProgress } from './stepMessages';
import { TaskTrainings } from './taskTrainings';

const MOST_STORES = 2;

/** Does what it is told until its parent is gone. */
export function answerOrders(): Promise<never> {
  const stores = new Few<Promise<Artefacts>>(MOST_STORES);
  const steps = new RecipeSteps();
  const trainings = new TaskTrainings();
  /** To the order that is being done: a store is opened once for many. */
  let answerNow: (answer: Answer) => void = () => {};
  const tell = (sentence: string) => answerNow({ type: 'said', sentence });
  const answer = async (order: Order, say: (answer: Answer) => void): Promise<Answer> => {
    answerNow = say;
    if (order.type === 'open') return { type: 'opened', refusal: await steps.refusalOf(order.tiles) };
    const { backend, adapter } = await startNodeBackend('wasm');
    const session = beginSession(`${backend}: ${adapter}`);
    const store = await stores.get(order.store, () => openArtefacts(order.store, tell));
    const told = (progress: StepProgress) => say({ type: 'progress', progress });
    await (order.type === 'step' ? steps.do(order, store, told) : trainings.do(order, store, told));
    return { type: 'done', session: session() };
  };

  let last: Promise<unknown> = Promise.resolve();
  process.on('message', ({ order, content }: Numbered<Order>) => {
    const say = (answer: Answer) =>
      void process.send?.({ order, content: answer } satisfies Numbered<Answer>);
    last = last.then(async () => say(await answer(content, say).catch(failure)));
  });
  process.on('disconnect', () => process.exit(143));
  return new Promise(() => {});
}

function failure(error: unknown): Answer {
  const isOurs = error instanceof StoreError || error instanceof Unready;
  const fault: Fault = isOurs ? 'worker' : error instanceof BadInput ? 'input' : 'unknown';
  return { type: 'failed', fault, reason: messageOf(error) };
}
