/** Norm, pooling and layout of planar maps on WebGPU, under the names of the lab's kernels. Loaded with the engine. */
import './layout';
import './norm';
import './normGradient';
import './pool';
