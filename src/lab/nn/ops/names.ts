/** The names of operations in tfjs, the same on every engine that has them. */
export const MAX = 'OrbitMax';
export const MAX_GRADIENT = 'OrbitMaxGradient';
export const TURN_ALL = 'OrbitTurnAll';
export const TURN_ALL_GRADIENT = 'OrbitTurnAllGradient';
export const CHANNEL_MOMENTS = 'OrbitChannelMoments';
export const CHANNEL_NORM = 'OrbitChannelNorm';
export const CHANNEL_NORM_GRADIENT = 'OrbitChannelNormGradient';
export const CONVOLUTION_FILTER_GRADIENT = 'OrbitConvolutionFilterGradient';
export const DEPTHWISE_INPUT_GRADIENT = 'OrbitDepthwiseInputGradient';
export const DEPTHWISE_FILTER_GRADIENT = 'OrbitDepthwiseOwnFilterGradient';
export const GLOBAL_POOL = 'OrbitGlobalPool';
export const GLOBAL_POOL_GRADIENT = 'OrbitGlobalPoolGradient';
export const PACK_INTEGERS = 'OrbitPackIntegers';
export const INTEGER_PRODUCT = 'OrbitIntegerProduct';
