/** The names of operations on planar maps in tfjs, the same on every engine that has them. */
export const PLANAR_MOMENTS = 'OrbitPlanarMoments';
export const PLANAR_NORM = 'OrbitPlanarNorm';
export const PLANAR_NORM_GRADIENT = 'OrbitPlanarNormGradient';
export const PLANAR_POOL = 'OrbitPlanarPool';
export const PLANAR_POOL_GRADIENT = 'OrbitPlanarPoolGradient';
export const GROUP_POOL = 'OrbitGroupPool';
export const GROUP_POOL_GRADIENT = 'OrbitGroupPoolGradient';
export const TO_PLANES = 'OrbitToPlanes';
export const FROM_PLANES = 'OrbitFromPlanes';
