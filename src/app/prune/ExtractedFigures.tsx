/** The extracted network held against the masked one, measured in the worker when the slider rests; and its file. */
import { Group } from '@mantine/core';
import type { Extraction } from '../../lab/prune/neurons/extraction';
import { prunedFile, wholeOnBench, zipForTakingAlong } from '../../state/drivers/session';
import { useLab } from '../../state/page/lab';
import { pruningKey, useExperiment } from '../../state/prune/experiment';
import { madeName } from '../../state/prune/made';
import { bytes, count, small } from '../../state/words/format';
import { CompareButton } from '../parts/CompareButton';
import { DownloadButton, TAKE_ALONG } from '../parts/DownloadButton';
import { Explained } from '../parts/Explained';
import { ExportButton } from '../parts/ExportButton';
import { NextSteps } from '../parts/NextSteps';
import classes from './NumbersCard.module.css';
import { useSheet } from './selectors';

const HEAD_TIME =
  'Time of the dense layers for one tile, median of repeated runs on up to 64 validation tiles at once: the head only, on this device and its engine, with whatever else it is doing. The convolutions before it cost the same in both.';
const WHOLE_TIME =
  'Time of a whole forward pass for one tile, median of repeated runs of both networks in turn, 16 tiles at once, on this device and its engine, with whatever else it is doing.';

export function ExtractedFigures() {
  const isWhole = useExperiment(({ setting }) => setting.removed === 0);
  const measured = useExperiment((state) => state.extractions[pruningKey(state.setting)]);
  const ready = useLab(({ status }) => status === 'ready');
  const { unit } = useSheet();
  const isHead = unit === 'neuron';
  return (
    <>
      <dl className={classes.extracted} data-testid="extracted" data-known={measured ? true : undefined}>
        <dt>
          <Explained
            term="masked-and-extracted"
            text={`Largest difference between any logit of the two networks, divided by the largest logit; on ${tilesOf(measured)}. Computed by running both: rounding, if extraction is right.`}
          >
            Largest logit difference
          </Explained>
        </dt>
        <dd>{measured ? small(measured.difference) : '–'}</dd>
        <dt>
          <Explained text="True sizes of the two files as they would be saved (safetensors, 32-bit floats).">
            File, masked → extracted
          </Explained>
        </dt>
        <dd>{measured ? `${bytes(measured.bytes.masked)} → ${bytes(measured.bytes.extracted)}` : '–'}</dd>
        <dt>
          <Explained text={isHead ? HEAD_TIME : WHOLE_TIME}>
            {isHead ? 'Head only, this device' : 'Whole network, this device'}
          </Explained>
        </dt>
        <dd>
          {measured
            ? `${micro(measured.seconds.masked)} → ${micro(measured.seconds.extracted)} µs per tile`
            : '–'}
        </dd>
      </dl>
      <p className={`caption ${classes.why}`}>{why(measured, isWhole)}</p>
      <Group justify="flex-end" gap={6} mih={30} mt={4}>
        <DownloadButton
          label="Save pruned network"
          name="orbit-lab-pruned.safetensors"
          disabled={isWhole || !ready}
          load={() => prunedFile(useExperiment.getState().setting)}
        />
        {unit !== 'filter' && (
          <DownloadButton
            label="Take along (zip)"
            title={TAKE_ALONG}
            name="orbit-lab-pruned.zip"
            disabled={isWhole || !ready}
            load={async () =>
              zipForTakingAlong(await prunedFile(useExperiment.getState().setting), 'orbit-lab-pruned')
            }
          />
        )}
        <ExportButton
          disabled={isWhole || !ready}
          subject={{
            name: 'orbit-lab-pruned',
            whole: wholeOnBench(),
            load: () => prunedFile(useExperiment.getState().setting),
          }}
        />
        <CompareButton
          disabled={isWhole || !ready}
          before={wholeOnBench()}
          after={{ name: madeName('pruned'), load: () => prunedFile(useExperiment.getState().setting) }}
        />
        <NextSteps
          filters={unit === 'filter'}
          disabled={isWhole || !ready}
          at={{
            kind: 'made',
            name: madeName('pruned'),
            load: () => prunedFile(useExperiment.getState().setting),
          }}
        />
      </Group>
    </>
  );
}

const tilesOf = (measured: Extraction | null | undefined): string =>
  measured ? count(measured.tiles, 'validation tile') : 'the validation tiles';

const micro = (seconds: number): string => {
  const value = 1e6 * seconds;
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
};

function why(measured: Extraction | null | undefined, isWhole: boolean): string {
  if (isWhole) return 'Nothing is removed yet.';
  if (measured === undefined) return 'Measured when the slider rests.';
  return measured === null ? 'Measuring …' : 'As pruned, not fine-tuned.';
}
