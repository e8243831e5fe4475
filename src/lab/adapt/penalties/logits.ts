/** Consistency of answers: the mean of (f(g·x) − f(x))² over tiles and classes. */
import * as tf from '../../runtime/tf';
import type { Penalty } from './penalty';

export const logits: Penalty = {
  title: 'consistency of the logits',
  turnsTiles: true,
  prepare:
    () =>
    ({ answers }) => {
      const { upright, turned } = answers!;
      return tf.mean(tf.square(tf.sub(turned.logits, upright.logits)));
    },
};
