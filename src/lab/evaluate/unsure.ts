/** Below this probability of its answer a tile counts as unsure, unless another is asked for: in reports, rows and `run.py` alike. */
export const UNSURE = 0.6;
