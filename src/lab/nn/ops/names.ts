/** The names of small operations in tfjs, the same as loops and as programs. */
export const MAX = 'OrbitMax';
export const MAX_GRADIENT = 'OrbitMaxGradient';
export const TURN_ALL = 'OrbitTurnAll';
export const TURN_ALL_GRADIENT = 'OrbitTurnAllGradient';
