/** What a data set is called by its file or folder: `some/EuroSAT.zip` → `EuroSAT`, `batch.tar.gz` → `batch`. */
export function sourceName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(\.tar)?\.(zip|tiles|bin|gz|tgz|tar)$/i, '');
}
