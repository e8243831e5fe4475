/** The names of a linear map's steps in tfjs, the same on every engine that has them. */
export const LINEAR = 'OrbitLinear';
export const LINEAR_INPUT_GRADIENT = 'OrbitLinearInputGradient';
export const LINEAR_WEIGHT_GRADIENT = 'OrbitLinearWeightGradient';
