export const quiet: string[];
export const softwareGpu: string[];
export function findChromium(): string | undefined;
export function installChromium(): string | undefined;
