/** The names of what tokens go through in tfjs, the same on every engine that has it. */
export const GELU = 'OrbitGelu';
export const GELU_GRADIENT = 'OrbitGeluGradient';
export const LAYER_NORM = 'OrbitLayerNorm';
export const LAYER_NORM_GRADIENT = 'OrbitLayerNormGradient';
export const ATTENTION = 'OrbitAttention';
export const ATTENTION_GRADIENT = 'OrbitAttentionGradient';
export const ENTER_TOKENS = 'OrbitEnterTokens';
export const ENTER_TOKENS_GRADIENT = 'OrbitEnterTokensGradient';
export const FIRST_TOKENS = 'OrbitFirstTokens';
export const FIRST_TOKENS_GRADIENT = 'OrbitFirstTokensGradient';
export const REST_TOKENS = 'OrbitRestTokens';
export const REST_TOKENS_GRADIENT = 'OrbitRestTokensGradient';
