/**
 * The whole page takes dropped files. Networks are kept, and opened where the visitor is; whatever else goes to what the
 * view takes, wherever on the page it falls; where the view takes nothing, that is said, and the page stays.
 */
import { useEffect } from 'react';
import { isNetworkFile, openNetworkFiles } from '../../state/drivers/networks';
import { useCompare } from '../../state/page/compare';
import { useLab } from '../../state/page/lab';
import { useView } from '../../state/page/view';
import { nothingTakes } from '../../state/words/data';
import { giveToZone, hasFiles } from '../parts/useDropZone';

export function PageDrop() {
  useEffect(() => {
    addEventListener('drop', takeNetworks, true);
    addEventListener('drop', takeOthers);
    addEventListener('dragover', allow);
    return () => {
      removeEventListener('drop', takeNetworks, true);
      removeEventListener('drop', takeOthers);
      removeEventListener('dragover', allow);
    };
  }, []);
  return null;
}

/** Before the views: none of them knows what to do with a network. */
function takeNetworks(event: DragEvent): void {
  const files = [...(event.dataTransfer?.files ?? [])];
  const networks = files.filter(isNetworkFile);
  // Where two are held beside each other, that dialog's zone takes them.
  if (useCompare.getState().isOpen) return;
  if (networks.length === 0) return;
  event.preventDefault();
  // Where there is something else beside them, whoever takes that still gets it.
  if (networks.length === files.length) event.stopPropagation();
  void openNetworkFiles(networks);
}

function takeOthers(event: DragEvent): void {
  // A field for files takes its own.
  if (!hasFiles(event) || (event.target as Element).closest('input[type=file]')) return;
  event.preventDefault();
  if (giveToZone(event)) return;
  useLab.setState({ refusal: nothingTakes(useView.getState().view) });
}

function allow(event: DragEvent): void {
  if (hasFiles(event)) event.preventDefault();
}
