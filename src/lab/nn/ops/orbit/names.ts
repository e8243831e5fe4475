/** The names of the orbit layer's steps in tfjs, the same on every engine that has them. */

/** {w} → its components, as the other operations read them. */
export const ORBIT_WEIGHTS = 'OrbitHeadWeights';
/** {x, weights, bias} → hidden values, and what the gradients need: responses, and the components of x where they were kept. */
export const ORBIT_HIDDEN = 'OrbitHeadHidden';
/** {dy, hidden, responses} → the gradients of the responses' components and of the bias. */
export const ORBIT_RESPONSE_GRADIENT = 'OrbitHeadResponseGradient';
/** {maps, gradient}, maps as components or as they came, the gradient in components → dw. */
export const ORBIT_WEIGHT_GRADIENT = 'OrbitHeadWeightGradient';
/** {weights, gradient}, components both → dx. */
export const ORBIT_MAP_GRADIENT = 'OrbitHeadMapGradient';
