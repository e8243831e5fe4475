import { existsSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite';
import { ensureKernels } from './scripts/kernels.mjs';
import { noticesOnce } from './scripts/noticesOnce.ts';
import { headersOf, ISOLATED, policyOf, publishedHosts } from './scripts/policy.ts';
import { serviceWorker } from './scripts/serviceWorker.ts';
import { wholeScripts } from './scripts/wholeScripts.ts';

await ensureKernels();

/** tfjs by its package roots; two copies of its core in one page would clash ("kernel already registered"). */
const tfjs = [
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-webgl',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops',
  '@tensorflow/tfjs-core/dist/register_all_gradients',
];

/**
 * The styles of the Mantine components that are used, and only those: each comes with the module of its class names.
 * In Mantine's cascade layer, so that the page's own styles win whatever comes first.
 */
function mantineStyles(): Plugin {
  return {
    name: 'mantine-styles',
    transform(code, id) {
      const component = /@mantine\/core\/esm\/.*\/(\w+)\.module\.mjs$/.exec(id)?.[1];
      const styles = `@mantine/core/styles/${component}.layer.css`;
      if (!component || !existsSync(`node_modules/${styles}`)) return null;
      return { code: `import '${styles}';\n${code}`, map: null, moduleSideEffects: true };
    },
  };
}

/** Has the page's scripts, styles and letters fetched from the start, beside the first script, not after it. */
function earlyFetches(): Plugin {
  return {
    name: 'early-fetches',
    transformIndexHtml(_, { bundle }) {
      const tags: HtmlTagDescriptor[] = [];
      const link = (attrs: Record<string, string>) => tags.push({ tag: 'link', attrs, injectTo: 'head' });
      for (const file of Object.values(bundle ?? {})) {
        if (/inter-latin-wght.*woff2$/.test(file.fileName))
          link({ rel: 'preload', as: 'font', crossorigin: '', href: `./${file.fileName}` });
        // The charts come while the worker computes: they would only delay what is painted first.
        if (file.type !== 'chunk' || file.name !== 'main') continue;
        for (const href of [file.fileName, ...file.imports])
          link({ rel: 'modulepreload', crossorigin: '', href: `./${href}` });
        for (const href of file.viteMetadata?.importedCss ?? [])
          link({ rel: 'stylesheet', crossorigin: '', href: `./${href}` });
      }
      return tags;
    },
  };
}

/** Has the page say first what it may do: on a static host nobody else does. */
function policyTag(policy: string): Plugin {
  return {
    name: 'policy-tag',
    apply: 'build',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) =>
        html.replace(
          '<meta charset="utf-8" />',
          `$&\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
        ),
    },
  };
}

/** zod makes functions of text where it may; it may not here, and even to try would be reported. */
function zodWithoutEval(): Plugin {
  return {
    name: 'zod-without-eval',
    transform(code, id) {
      return /\/zod\/v4\/core\/core\.js$/.test(id) ? `${code}\nglobalConfig.jitless = true;\n` : null;
    },
  };
}

/** LiteRT's script leaves its maker of modules to whoever runs it as a classic script; here it is a module that exports it. */
function liteRtAsModule(): Plugin {
  return {
    name: 'litert-as-module',
    transform: (code, id) =>
      /\/@litertjs\/core\/wasm\/litert_wasm_compat_internal\.js$/.test(id)
        ? `${code}\nexport default ModuleFactory;\n`
        : null,
  };
}

export default defineConfig(({ mode }) => {
  // Tests download from servers of this machine.
  const policy = policyOf([...publishedHosts(), ...(mode === 'testing' ? ['http://127.0.0.1:*'] : [])]);
  const headers = headersOf(policy);
  return {
    // Relative addresses: the build runs from any folder of any static host.
    base: './',
    plugins: [
      react(),
      mantineStyles(),
      zodWithoutEval(),
      liteRtAsModule(),
      noticesOnce(),
      policyTag(policy),
      earlyFetches(),
      serviceWorker(headers),
    ],
    // Vite's own pages while developing need scripts of their own.
    server: { headers: ISOLATED },
    preview: { headers },
    worker: {
      format: 'es',
      plugins: () => [zodWithoutEval(), liteRtAsModule(), noticesOnce()],
      rolldownOptions: { output: { codeSplitting: wholeScripts(['worker/thread/begin.ts']) } },
    },
    resolve: {
      dedupe: ['@tensorflow/tfjs-core'],
      alias: [
        {
          find: /^@tensorflow\/tfjs$/,
          replacement: path.resolve(import.meta.dirname, 'src/lab/runtime/tfjsParts.ts'),
        },
      ],
    },
    optimizeDeps: { include: tfjs },
    build: {
      target: 'es2023',
      rolldownOptions: {
        output: { codeSplitting: wholeScripts(['app/boot.ts', 'state/drivers/session.ts', 'app/main.tsx']) },
      },
      // The page for the tests in a browser differs in one thing: they may look into it (src/app/hooks.ts).
      outDir: mode === 'testing' ? 'dist-testing' : 'dist',
      // The worker holds all of tfjs, by design in one file.
      chunkSizeWarningLimit: 2500,
    },
  };
});
