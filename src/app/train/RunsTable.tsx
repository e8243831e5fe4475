/** All runs kept in this browser: what differs, what came of them, and what can be done with each. */
import {
  ActionIcon,
  Badge,
  Button,
  Checkbox,
  Group,
  Menu,
  Modal,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useMemo, useState } from 'react';
import { repeatAdapting } from '../../state/adapt/recipe';
import {
  continueRun,
  remove,
  rename,
  select,
  show,
  useRows,
  useTraining,
} from '../../state/drivers/training';
import { repeatRecipe } from '../../state/pipeline/pipeline';
import { joinedLive } from '../../state/train/joined';
import { changePlan, planOf } from '../../state/train/plan';
import { count, percent, seconds, whole, wholePercent } from '../../state/words/format';
import { type ShownStatus, STATUS_NAMES, statusOf } from '../../state/words/train';
import type { RunKind, RunRow } from '../../storage/rows';
import { Explained } from '../parts/Explained';
import { FiguresTable } from '../parts/FiguresTable';
import { SaveMenu } from '../saving/SaveMenu';
import { openInPrune } from './RunActions';
import classes from './RunsTable.module.css';
import { type FieldDifference, factsOf, runDifferences } from './runFacts';
import { runsTable } from './tables';

type Column = readonly [name: string, text: string | null];

const NAMES: Readonly<
  Record<RunKind, { readonly one: string; readonly all: string; readonly table: string }>
> = {
  training: { one: 'Run', all: 'Runs', table: 'table of the runs' },
  pipeline: { one: 'Pipeline', all: 'Pipelines', table: 'table of the pipelines' },
  adapting: { one: 'Run', all: 'Runs', table: 'table of the runs' },
};

const columnsOf = (kind: RunKind): readonly Column[] => [
  [NAMES[kind].one, null],
  ['Data set', null],
  ['What differs', 'The fields of the recipe in which the kept runs are not all the same.'],
  ['Status', null],
  kind === 'training'
    ? ['Epochs', 'Finished, of how many at most.']
    : ['Stages', 'Finished, of how many; the last one’s figures follow.'],
  kind === 'training'
    ? ['Accuracy', 'On the validation tiles, at the best epoch.']
    : ['Accuracy', 'Of the last finished stage: on the validation tiles, of the check on the test tiles.'],
  ['Parameters', 'Values that are trained.'],
  [
    'Same answer',
    'Share of the tiles with the same answer at all four quarter turns, those too close to call left out.',
  ],
  ['Time', 'Of the work, validation included; pauses of a training do not count.'],
  ['Begun', null],
];

/** The runs of one view. */
export function RunsTable({ kind, className }: { kind: RunKind; className: string }) {
  const rows = useRows(kind);
  const selected = useTraining(({ selected }) => selected.size);
  const [deleting, setDeleting] = useState<RunRow | null>(null);
  const differing = useMemo(() => runDifferences(rows ?? []), [rows]);
  if (!rows || rows.length === 0) return null;
  return (
    <section className={`card ${className}`} aria-labelledby="runs-title">
      <Group justify="space-between" mb={8}>
        <Title order={2} size="h4" id="runs-title">
          {NAMES[kind].all}
        </Title>
        <Group gap={12}>
          <Text className="caption">{captionOf(kind, selected)}</Text>
          <SaveMenu
            what={NAMES[kind].table}
            table={() => runsTable(rows.map(asLive), differing, statusName)}
            picture="table"
          />
        </Group>
      </Group>
      <FiguresTable className={classes.table} testId="runs">
        <thead>
          <tr>
            {kind === 'training' && (
              <th scope="col">
                <span className="spoken">Compare</span>
              </th>
            )}
            {columnsOf(kind).map(([name, text]) => (
              <th key={name} scope="col">
                {text ? <Explained text={text}>{name}</Explained> : name}
              </th>
            ))}
            <th scope="col">
              <span className="spoken">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <Row
              key={row.id}
              row={row}
              differs={differsIn(differing, at)}
              onDelete={() => setDeleting(row)}
            />
          ))}
        </tbody>
      </FiguresTable>
      <Modal
        opened={deleting !== null}
        onClose={() => setDeleting(null)}
        title={`Delete “${deleting?.name}”?`}
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Text size="sm" mb="md">
          {kind === 'training' ? 'Its network' : 'Its networks'}, its checkpoint and its figures are removed
          from this browser. This cannot be undone.
        </Text>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={() => setDeleting(null)}>
            Keep it
          </Button>
          <Button
            color="red"
            onClick={() => {
              if (deleting) void remove(deleting.id);
              setDeleting(null);
            }}
          >
            Delete
          </Button>
        </Group>
      </Modal>
    </section>
  );
}

/** A row with the epochs that its training has finished since. */
function asLive(row: RunRow): RunRow {
  const { live } = useTraining.getState();
  return live?.id === row.id && row.kind === 'training' ? { ...row, history: joinedLive(live).history } : row;
}

function statusName(row: RunRow): string {
  const { live, elsewhere } = useTraining.getState();
  return live?.id === row.id && live.status === 'paused'
    ? 'paused'
    : STATUS_NAMES[statusOf(row, live?.id, elsewhere)];
}

function captionOf(kind: RunKind, selected: number): string {
  if (kind !== 'training') return 'Kept in this browser, with the networks of their stages.';
  return selected === 1
    ? 'Mark one more to compare them.'
    : 'Kept in this browser. Mark two or more to compare them.';
}

/** Differences named one by one, as far as that is readable. */
const MOST_NAMED = 6;

function differsIn(differing: readonly FieldDifference[], at: number): string {
  const fields = differing.filter(({ path }) => path !== 'data' && !path.endsWith('.from'));
  const named = fields.slice(0, MOST_NAMED).map(({ name, values }) => `${name} ${values[at]}`);
  const more = fields.length - named.length;
  return [...named, ...(more > 0 ? [`${count(more, 'field')} more`] : [])].join(', ');
}

interface RowProps {
  readonly row: RunRow;
  readonly differs: string;
  onDelete(): void;
}

function Row({ row, differs, onDelete }: RowProps) {
  const { id, kind, name, data, created } = row;
  const live = useTraining(({ live }) => (live?.id === id ? live : null));
  const elsewhere = useTraining(({ elsewhere }) => elsewhere);
  const isSelected = useTraining(({ selected }) => selected.has(id));
  const isShown = useTraining(
    (state) => (state.live?.kind === kind ? state.live.id : state.shown[kind]) === id,
  );
  const [renaming, setRenaming] = useState(false);
  const now = live && kind === 'training' ? { ...row, history: joinedLive(live).history } : row;
  const status = statusOf(row, live?.id, elsewhere);
  const { done, accuracy, params, same, time } = factsOf(now);
  return (
    <tr data-shown={isShown || undefined}>
      {kind === 'training' && (
        <td className={classes.mark} data-unsaved>
          <Checkbox
            size="xs"
            aria-label={`Compare ${name}`}
            checked={isSelected}
            onChange={() => select(id)}
          />
        </td>
      )}
      <th scope="row">
        {renaming ? (
          <NameField
            name={name}
            onDone={(next) => {
              setRenaming(false);
              if (next !== null) void rename(id, next);
            }}
          />
        ) : (
          <UnstyledButton className={classes.name} aria-current={isShown} onClick={() => show(row)}>
            {name}
          </UnstyledButton>
        )}
      </th>
      <td data-name="Data set">{data.title}</td>
      <td data-name="What differs">{differs || '–'}</td>
      <td data-name="Status">
        <Status status={live?.status === 'paused' ? 'paused' : STATUS_NAMES[status]} strong={live !== null} />
      </td>
      <td data-name={kind === 'training' ? 'Epochs' : 'Stages'}>{done}</td>
      <td data-name="Accuracy" data-figure>
        {accuracy === null ? '–' : percent(accuracy)}
      </td>
      <td data-name="Parameters">{params === 0 ? '–' : whole(params)}</td>
      <td data-name="Same answer">{same === null ? '–' : wholePercent(same)}</td>
      <td data-name="Time">{time === 0 ? '–' : seconds(time)}</td>
      <td data-name="Begun">{begun(created)}</td>
      <td className={classes.actions} data-unsaved>
        <Actions row={now} status={status} onRename={() => setRenaming(true)} onDelete={onDelete} />
      </td>
    </tr>
  );
}

function Status({ status, strong }: { status: string; strong: boolean }) {
  return (
    <Badge
      size="sm"
      miw="max-content"
      variant={strong ? 'filled' : 'outline'}
      tt="none"
      fw={600}
      color={status === 'failed' ? 'red' : undefined}
    >
      {status}
    </Badge>
  );
}

function NameField({ name, onDone }: { name: string; onDone(next: string | null): void }) {
  return (
    <TextInput
      size="xs"
      aria-label="New name"
      defaultValue={name}
      maxLength={100}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => onDone(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onDone(event.currentTarget.value);
        if (event.key === 'Escape') onDone(null);
      }}
    />
  );
}

interface ActionsProps {
  readonly row: RunRow;
  readonly status: ShownStatus;
  onRename(): void;
  onDelete(): void;
}

function Actions({ row, status, onRename, onDelete }: ActionsProps) {
  const busy = useTraining(({ live }) => live !== null);
  const isHeld = status === 'running' || status === 'elsewhere';
  return (
    // The field that renaming opens takes the focus; the menu shall not take it back.
    <Menu position="bottom-end" withinPortal width={200} returnFocus={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={`Actions for ${row.name}`}>
          ⋯
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={row.history.length === 0} onClick={() => openInPrune(row, null)}>
          Open in Prune
        </Menu.Item>
        <Menu.Item disabled={busy || isHeld || status === 'done'} onClick={() => void continueRun(row.id)}>
          Continue
        </Menu.Item>
        <Menu.Item onClick={onRename}>Rename</Menu.Item>
        <Menu.Item onClick={() => settingsAgain(row)}>Use these settings</Menu.Item>
        <Menu.Item color="red" disabled={isHeld} onClick={onDelete}>
          Delete …
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Back into the form of its view. */
function settingsAgain({ kind, recipe, data, name }: RunRow): void {
  if (kind === 'pipeline') repeatRecipe(recipe, data.ref, name);
  else if (kind === 'adapting') repeatAdapting(recipe, data.ref);
  else changePlan(planOf(recipe, data.ref));
}

const date = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
const begun = (created: number): string => date.format(created);
