/** Runs in a page: `npx vite`, then /bench/gpu/page.html?NETS=c4,base in any browser; or as `window.measureGpu`. */
import type { Say } from '../format';
import { runGpu, type Told } from './run';

const say: Say = (lines) => {
  document.querySelector('#lines')!.append(`${lines.join('\n')}\n\n`);
};

async function measure(told: Told): Promise<string> {
  await runGpu('a page', told, say);
  return document.querySelector('#lines')!.textContent!.trim();
}

declare global {
  interface Window {
    measureGpu: typeof measure;
  }
}
window.measureGpu = measure;

const told = Object.fromEntries(new URLSearchParams(location.search));
if (!('ask' in told)) measure(told).catch((error) => say([String(error)]));
