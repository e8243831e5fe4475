/** How statuses of sweeps are told from other JSON; cheap, and before anything else of them is loaded. */

export const SWEEPS_KIND = 'orbit-lab sweeps';

/** Whether a text says of itself that it is such. */
export const saysSweeps = (text: string): boolean => text.slice(0, 200).includes(`"${SWEEPS_KIND}"`);
