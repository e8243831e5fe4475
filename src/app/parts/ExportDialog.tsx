/** A network as a file for other programs: what is chosen of it, and what was found of it. */
import { Button, Group, Modal, SegmentedControl, Select, Stack, Switch, Text } from '@mantine/core';
import { FILE_FORMAT_NAMES, FILE_FORMATS, type FileFormat, FORMAT_TITLES } from '../../lab/files/formats';
import { MOST_BATCH } from '../../lab/files/onnx/choices';
import { makeExport } from '../../state/drivers/exporting';
import { openCompare } from '../../state/page/compare';
import {
  chooseExport,
  chooseFormat,
  closeExport,
  type ExportSubject,
  useExporting,
} from '../../state/page/exporting';
import { bytes } from '../../state/words/format';
import { save } from '../saving/save';
import { progressText } from './progress';
import { useDialog } from './useDialog';
import { WholeNumber } from './WholeNumber';

/** One line says what is chosen of rounding and scales. */
const NUMBERS = {
  none: 'as they are',
  dynamic: '8-bit, ranges found anew for each tile',
  'static channel': '8-bit, fixed ranges, weights by channel',
  'static tensor': '8-bit, fixed ranges, weights by layer',
} as const;

/** What is done with it here. */
const BEFORE: Readonly<Record<FileFormat, string>> = {
  onnx: 'The file is run here by ONNX Runtime (14 MB, loaded once) and held against the lab.',
  tflite: 'The file is run here by LiteRT (10 MB, loaded once) and held against the lab.',
  c: 'It has no way to run here: once compiled, it holds itself against the lab’s answers.',
};

export default function ExportDialog() {
  const { isOpen, subject, format, choices, state } = useExporting();
  const { rounding, scales } = choices;
  const { words, roundings } = FILE_FORMATS[format];
  const isMaking = state.status === 'making';
  const numbers = rounding === 'static' ? `static ${scales}` : rounding;
  const isOut = useDialog(isOpen, closeExport);
  return (
    <Modal.Root opened={isOut} onClose={closeExport}>
      <Modal.Overlay />
      <Modal.Content>
        {/* No <header>: the page has one, and there is to be no second banner. */}
        <Group justify="space-between" wrap="nowrap" px="md" pt="md" pb="xs">
          <Modal.Title>
            {subject?.name} as {FORMAT_TITLES}
          </Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Group>
        <Modal.Body>
          <Stack gap="sm">
            <SegmentedControl
              aria-label="Format"
              aria-describedby="format-words"
              disabled={isMaking}
              value={format}
              data={FILE_FORMAT_NAMES.map((value) => ({ value, label: FILE_FORMATS[value].title }))}
              onChange={(chosen) => chooseFormat(chosen as FileFormat)}
            />
            <Text size="sm" c="dimmed" id="format-words">
              {capital(words)}.
            </Text>
            <Select
              label="Numbers"
              allowDeselect={false}
              disabled={isMaking}
              value={numbers}
              data={Object.entries(NUMBERS)
                .filter(([value]) => (roundings as readonly string[]).includes(value.split(' ')[0]))
                .map(([value, label]) => ({ value, label }))}
              onChange={(chosen) => chosen && chooseExport(numbersOf(chosen))}
            />
            {format !== 'c' && <GraphChoices format={format} isMaking={isMaking} />}
            {state.status !== 'done' && (
              <Text size="sm" c="dimmed">
                {BEFORE[format]}
              </Text>
            )}
            {state.status !== 'done' && (
              <Button loading={isMaking} onClick={() => void makeExport()}>
                {format === 'c' ? 'Make it' : 'Make and try it'}
              </Button>
            )}
            <Stack gap={6} role="status" data-testid="onnx-said">
              {state.status === 'making' && <Text size="sm">{progressText(state.progress)}</Text>}
              {state.status === 'failed' && <Text size="sm">{state.message}</Text>}
              {state.status === 'done' &&
                state.files.said.map((line) => (
                  <Text size="sm" key={line}>
                    {line}
                  </Text>
                ))}
            </Stack>
            {state.status === 'done' && <Files />}
            {subject && <HowFast subject={subject} />}
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The time it takes is measured beside the lab's, and beside the whole network's. */
function HowFast({ subject }: { subject: ExportSubject }) {
  const show = () => {
    closeExport();
    openCompare(subject.whole ?? null, subject);
  };
  return (
    <Button variant="subtle" size="compact-sm" aria-haspopup="dialog" onClick={show}>
      How fast it runs here
    </Button>
  );
}

function numbersOf(chosen: string) {
  const [rounding, scales = 'channel'] = chosen.split(' ');
  return { rounding, scales } as Pick<
    ReturnType<typeof useExporting.getState>['choices'],
    'rounding' | 'scales'
  >;
}

/** What is chosen of files that other programs run as a graph. A TFLite file has one number of pictures. */
function GraphChoices({ format, isMaking }: { readonly format: FileFormat; readonly isMaking: boolean }) {
  const { batch, preprocessing } = useExporting(({ choices }) => choices);
  const isOnnx = format === 'onnx';
  return (
    <>
      {isOnnx && (
        <Switch
          label="Any number of pictures at a time"
          disabled={isMaking}
          checked={batch === null}
          onChange={({ currentTarget }) => chooseExport({ batch: currentTarget.checked ? null : 1 })}
        />
      )}
      {!(isOnnx && batch === null) && (
        <Group gap={8}>
          <Text size="sm" component="label" htmlFor="onnx-batch">
            Pictures at a time
          </Text>
          <WholeNumber
            id="onnx-batch"
            value={batch ?? 1}
            least={1}
            most={MOST_BATCH}
            width={90}
            onTake={(taken) => chooseExport({ batch: taken })}
          />
        </Group>
      )}
      <Switch
        label="Reads the bytes of pictures"
        description={`Off: it reads normalised numbers, channels ${isOnnx ? 'first' : 'last'}.`}
        disabled={isMaking}
        checked={preprocessing === 'inside'}
        onChange={({ currentTarget }) =>
          chooseExport({ preprocessing: currentTarget.checked ? 'inside' : 'beside' })
        }
      />
    </>
  );
}

/** What is handed out when it is there. */
function Files() {
  const { subject, format, state } = useExporting();
  if (state.status !== 'done' || !subject) return null;
  const { network, zip } = state.files;
  return (
    <Group gap={8}>
      {/* The button that was pressed is gone. */}
      <Button
        data-autofocus
        autoFocus
        onClick={() => save(new Uint8Array(network), `${subject.name}.${FILE_FORMATS[format].ending}`)}
      >
        Save ({bytes(network.length)})
      </Button>
      <Button variant="default" onClick={() => save(new Uint8Array(zip), `${subject.name}-${format}.zip`)}>
        With README (zip)
      </Button>
    </Group>
  );
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
