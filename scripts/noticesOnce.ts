/** A part of the build: a licence's notice stands once in a built script, not once for each of the hundreds of files it was made of. */
import type { Plugin } from 'vite';

const NOTICE = /\/\*\*\s+\* @license\n[\s\S]*?\*\/\n?/g;

export function noticesOnce(): Plugin {
  return {
    name: 'notices-once',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk') file.code = withNoticesOnce(file.code);
    },
  };
}

/** A script without the notices that it has had before. */
export function withNoticesOnce(code: string): string {
  const seen = new Set<string>();
  return code.replace(NOTICE, (notice) => {
    const words = notice.trim();
    // What stands in its place separates what was before and after it.
    if (seen.has(words)) return '\n';
    seen.add(words);
    return notice;
  });
}
