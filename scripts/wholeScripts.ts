/**
 * A part of the build: what a script needs from its first moment on is in one file with it, not in a dozen that it asks for
 * one after the other, each only when the one before has been read.
 */
import path from 'node:path';

/** What is asked of a bundler about a module. */
interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/**
 * Groups for the bundler's `codeSplitting`: one file for each of `scripts`, which holds the lab's own modules that it imports
 * and no file before it holds. The packages they use follow, and of these only what is used.
 */
export function wholeScripts(scripts: readonly string[]) {
  const root = path.resolve('src');
  let files: Map<string, number> | undefined;

  const find = (modules: Modules): Map<string, number> => {
    const found = new Map<string, number>();
    const walk = (id: string, script: number): void => {
      if (found.has(id) || !id.startsWith(root + path.sep)) return;
      found.set(id, script);
      for (const each of modules.getModuleInfo(id)?.importedIds ?? []) walk(each, script);
    };
    for (const [i, script] of scripts.entries()) walk(path.join(root, script), i);
    return found;
  };

  const groups = scripts.map((script, i) => ({
    // Packages that several use are in the first file that does.
    priority: scripts.length - i,
    name(id: string, modules: Modules) {
      // Each worker is a bundle of its own, by the same settings: most do not hold this script.
      if (!modules.getModuleInfo(path.join(root, script))) return null;
      files ??= find(modules);
      return files.get(id) === i ? path.basename(script, path.extname(script)) : null;
    },
  }));
  return { groups };
}
