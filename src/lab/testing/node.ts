/** Set-up of the tests in Node. Imports tfjs only when a suite asks for a backend: most suites do not. */
import { setPlatform } from './platform';

setPlatform({
  backends: ['cpu', 'wasm'],
  async start(backend) {
    const { startNodeBackend } = await import('../../../cli/backend');
    return startNodeBackend(backend as 'cpu' | 'wasm');
  },
});
