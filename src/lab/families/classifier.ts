/** A network of whatever family opened to answer: pictures in, logits out. Evaluation reads networks through this. */
import type { Classifier, OpenedModel } from './family';
import { familyOf } from './registry';

/** Uploads a model's parameters to the running backend; to be disposed by whoever opened it. */
export function openClassifier(model: OpenedModel): Classifier {
  return familyOf(model.arch).open(model);
}
