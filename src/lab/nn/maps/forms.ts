/** Which form a trunk's maps have on the running backend. */
import { isOwn } from '../../runtime/kernels/backend';
import { channelsLast } from './channelsLast';
import type { MapForm } from './form';
import { planar } from './planar';

export const preferredForm = (): MapForm => (isOwn() ? planar : channelsLast);
