/** Which form a trunk's maps have on the running backend. */
import { isOwn } from '../../runtime/kernels/backend';
import { usesPrograms } from '../../runtime/webgpu/program';
import { channelsLast } from './channelsLast';
import type { MapForm } from './form';
import { planar } from './planar';

/** Planar wherever the lab has operations of its own: kernels on the CPU, programs on WebGPU. */
export const preferredForm = (): MapForm => (isOwn() || usesPrograms() ? planar : channelsLast);
