/** Which engine is the faster one for a network, from what was measured on it. Plain values. */

/** Engines that are measured against each other. */
export const PROBED = ['wasm', 'webgpu'] as const;
export type Probed = (typeof PROBED)[number];

/** Of one engine: how many tiles it trains per second, and on what; or why that could not be measured. */
export type EnginePace = { readonly rate: number; readonly adapter: string } | { readonly problem: string };

export type Paces = Readonly<Record<Probed, EnginePace>>;

/**
 * WebGPU has to be so many times as fast to be taken: a probe of a second is not exact, and on WASM alone do runs repeat
 * bit for bit.
 */
export const WORTH = 1.2;

/** The engine to take. WASM where neither could be measured: it needs no graphics card. */
export function winnerOf({ wasm, webgpu }: Paces): Probed {
  if ('problem' in webgpu) return 'wasm';
  if ('problem' in wasm) return 'webgpu';
  return webgpu.rate >= WORTH * wasm.rate ? 'webgpu' : 'wasm';
}
