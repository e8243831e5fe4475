import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** tfjs by its package roots; two copies of its core in one page would clash ("kernel already registered"). */
const tfjs = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-webgpu'];

export default defineConfig({
  // Relative addresses: the build runs from any folder of any static host.
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  resolve: { dedupe: ['@tensorflow/tfjs-core'] },
  optimizeDeps: { include: tfjs },
  build: {
    target: 'es2023',
    // The worker holds all of tfjs, by design in one file.
    chunkSizeWarningLimit: 2500,
  },
});
