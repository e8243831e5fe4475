/** ReduceLROnPlateau(mode = max, relative threshold 1e-4), as in PyTorch; pure state → state. */

const THRESHOLD = 1e-4;

export interface PlateauState {
  readonly learningRate: number;
  readonly best: number;
  readonly badEpochs: number;
}

export function startPlateau(learningRate: number): PlateauState {
  return { learningRate, best: Number.NEGATIVE_INFINITY, badEpochs: 0 };
}

/** The state after an epoch whose metric (to be maximised) is given. */
export function stepPlateau(
  state: PlateauState,
  metric: number,
  { factor, patience }: { factor: number; patience: number },
): PlateauState {
  if (metric > state.best * (1 + THRESHOLD) || state.best === Number.NEGATIVE_INFINITY) {
    return { ...state, best: metric, badEpochs: 0 };
  }
  const badEpochs = state.badEpochs + 1;
  if (badEpochs <= patience) return { ...state, badEpochs };
  return { ...state, learningRate: state.learningRate * factor, badEpochs: 0 };
}
