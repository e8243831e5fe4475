/** The names of group convolution's operations in tfjs, the same on every engine that has them. */
export const GROUP_CONVOLUTION = 'OrbitGroupConvolution';
export const PACKED_CONVOLUTION = 'OrbitPackedGroupConvolution';
export const PACK_WEIGHTS = 'OrbitPackWeights';
export const INPUT_GRADIENT = 'OrbitGroupConvolutionInputGradient';
export const FILTER_GRADIENT = 'OrbitGroupConvolutionFilterGradient';
