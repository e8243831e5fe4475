/** The tiles that the view in sight is about, as a hook on the stores. */
import { useAdapting } from '../../state/adapt/plan';
import { useDatasets } from '../../state/data/datasets';
import { useLab } from '../../state/page/lab';
import { useView, type View } from '../../state/page/view';
import { usePipeline } from '../../state/pipeline/pipeline';
import { usePictures } from '../../state/rotate/pictures';
import { usePlan } from '../../state/train/plan';
import { type TilesShown, tilesShown } from '../../state/words/tilesShown';

export function useTilesShown(): TilesShown | null {
  const view = useView(({ view }) => view);
  const opened = useLab(({ opened }) => opened?.dataset ?? null);
  const picture = usePictures(({ shown }) => shown?.brought ?? null);
  const kept = useDatasets(({ rows }) => rows);
  const chosen: Partial<Record<View, string | null>> = {
    train: usePlan(({ plan }) => plan.data),
    pipeline: usePipeline(({ plan }) => plan.data),
    adapt: useAdapting(({ plan }) => plan.data),
    data: useDatasets(({ shown }) => shown),
  };
  return tilesShown({ view, opened, picture, kept, chosen: chosen[view] ?? null });
}
