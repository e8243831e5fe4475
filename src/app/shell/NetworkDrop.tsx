/** The whole page takes dropped networks: each is kept, and opened where the visitor is. */
import { useEffect } from 'react';
import { isNetworkFile, openNetworkFiles } from '../../state/drivers/networks';

export function NetworkDrop() {
  useEffect(() => {
    // Before the zones that take pictures, tiles or recipes: none of them knows what to do with a network.
    addEventListener('drop', take, true);
    addEventListener('dragover', allow);
    return () => {
      removeEventListener('drop', take, true);
      removeEventListener('dragover', allow);
    };
  }, []);
  return null;
}

function take(event: DragEvent): void {
  const files = [...(event.dataTransfer?.files ?? [])];
  const networks = files.filter(isNetworkFile);
  if (networks.length === 0) return;
  event.preventDefault();
  // Where there is something else beside them, whoever takes that still gets it.
  if (networks.length === files.length) event.stopPropagation();
  void openNetworkFiles(networks);
}

function allow(event: DragEvent): void {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
}
