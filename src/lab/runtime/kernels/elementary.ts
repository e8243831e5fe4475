/** The exp and log of tensors of floats: the lab's own, with the same bits in every browser. */
import { exp, log } from '../../elementary';
import { registerOwnKernel } from './backend';

for (const [name, compute] of [
  ['Exp', exp],
  ['Log', log],
] as const) {
  registerOwnKernel(name, (backend, { x }) =>
    backend.makeTensorInfo(x.shape, 'float32', backend.values(x).map(compute)),
  );
}
