/** Measures engines against each other, in a worker that does nothing else. */
import { messageOf } from '../../lab/errors';
import type { EnginePace, Probed } from '../../lab/runtime/probe';
import { trainingRate } from '../../lab/train/pace';
import type { Handlers } from './host';
import { startEngine } from './kernels';
import { holdLock } from './lock';

/** Of each engine, in milliseconds, beside starting it. */
const MEASURING = 500;

/** `alive`: called when the page can see that this worker lives. */
export const createProbeHandlers = (alive: () => void): Pick<Handlers, 'probe'> => ({
  async *probe({ arch, lock }) {
    holdLock(lock, alive);
    const pace = async (engine: Probed): Promise<EnginePace> => {
      try {
        const { adapter } = await startEngine(engine);
        return { rate: await trainingRate(arch, MEASURING), adapter };
      } catch (error) {
        return { problem: messageOf(error) };
      }
    };
    yield { type: 'progress', what: 'measuring WASM', done: 0, total: 2 };
    const wasm = await pace('wasm');
    yield { type: 'progress', what: 'measuring WebGPU', done: 1, total: 2 };
    return { wasm, webgpu: await pace('webgpu') };
  },
});
