/** Which network is on the bench, what it is held against, and the seed; in one line, what it is made of. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { DEFAULT_SUBJECT } from '../../state/address/link';
import { refreshNetworks, remove, rename, useNetworks } from '../../state/drivers/networks';
import { openSubject } from '../../state/drivers/session';
import { refresh, useTraining } from '../../state/drivers/training';
import { useLab } from '../../state/page/lab';
import {
  comparableRuns,
  offeredPairs,
  ownNetworks,
  subjectOf,
  subjectValue,
} from '../../state/prune/subjects';
import { bytes, whole } from '../../state/words/format';
import type { NetworkRow, RunRow } from '../../storage/rows';
import type { PairChoice } from '../../worker/protocol/results';
import { Explained } from './Explained';
import classes from './ModelBar.module.css';
import { RemoveDialog } from './RemoveDialog';

export function ModelBar() {
  const subject = useLab(({ subject }) => subject);
  const pairs = usePairs();
  const [runs, readRuns] = useRuns();
  const kept = useNetworks(({ rows }) => rows) ?? NO_NETWORKS;
  const bar = useKeptFocus();
  const value = subjectValue(subject);
  const offered = [
    {
      group: 'My networks',
      items: ownNetworks(runs, kept)
        .filter(({ integers }) => !integers)
        .map(({ subject, name }) => ({ value: subjectValue(subject), label: name })),
    },
    {
      group: 'Trained beforehand',
      items: offeredPairs(pairs, subject).map(({ id, title }) => ({
        value: subjectValue({ kind: 'pair', id }),
        label: title,
      })),
    },
  ].filter(({ items }) => items.length > 0);
  // What is open, or was asked for in vain, is named even where it is not on the list.
  const isListed = offered.some(({ items }) => items.some((item) => item.value === value));
  const unlisted = { value, label: subject.id === null ? 'The first pair' : `"${subject.id}"` };
  return (
    <section ref={bar} className={classes.bar} aria-label="On the bench">
      <NativeSelect
        size="xs"
        label="Network"
        classNames={{ root: classes.field, label: classes.label }}
        value={value}
        data={isListed ? offered : [unlisted, ...offered]}
        onFocus={readRuns}
        onChange={({ currentTarget }) => openSubject(subjectOf(currentTarget.value))}
      />
      {subject.kind === 'run' && (
        <NativeSelect
          size="xs"
          label="Held against"
          classNames={{ root: classes.field, label: classes.label }}
          value={subject.peer ?? ''}
          data={[
            { value: '', label: 'nothing' },
            ...comparableRuns(runs, subject.id).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onFocus={readRuns}
          onChange={({ currentTarget }) => openSubject({ ...subject, peer: currentTarget.value || null })}
        />
      )}
      {subject.kind === 'file' && <Kept key={subject.id} id={subject.id} />}
      <Seed />
      <Facts />
    </section>
  );
}

/** Which of the bar's fields had the focus as the bar was taken away: while a network opens it stands elsewhere. */
let focused = -1;

/** Whoever chose by the keyboard stays where they were. */
function useKeptFocus() {
  const bar = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const fields = [...bar.current!.querySelectorAll<HTMLElement>('select, input')];
    if (document.activeElement === document.body) fields[focused]?.focus();
    focused = -1;
    return () => {
      focused = fields.indexOf(document.activeElement as HTMLElement);
    };
  }, []);
  return bar;
}

/** The name of a network kept as a file, changed in place, and its removal. */
function Kept({ id }: { id: string }) {
  const row = useNetworks(({ rows }) => rows?.find((each) => each.id === id));
  const [typed, setTyped] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  if (!row) return null;
  const take = () => {
    if (typed !== null && typed.trim() !== row.name) void rename(id, typed);
    setTyped(null);
  };
  const drop = async () => {
    await remove(id);
    openSubject(DEFAULT_SUBJECT);
  };
  return (
    <>
      <TextInput
        size="xs"
        label="Its name"
        maxLength={100}
        classNames={{ root: classes.field, label: classes.label }}
        value={typed ?? row.name}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={take}
        onKeyDown={({ key }) => {
          if (key === 'Enter') take();
        }}
      />
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        Remove
      </Button>
      <RemoveDialog
        name={row.name}
        opened={isAsking}
        onClose={() => setAsking(false)}
        onRemove={() => void drop()}
      >
        Its file ({bytes(row.bytes)}) goes from this browser; files that you saved stay. A run that began with
        it can be looked at, but not gone on with.
      </RemoveDialog>
    </>
  );
}

const MOST_SEED = 0xffffffff;

/** Takes effect on Enter or when it is left: another seed means other curves. */
function Seed() {
  const seed = useLab(({ seed }) => seed);
  const subject = useLab(({ subject }) => subject);
  const [typed, setTyped] = useState<number | null>(seed);
  useEffect(() => setTyped(seed), [seed]);
  const take = () => {
    if (typed === null) setTyped(seed);
    else if (typed !== seed) openSubject(subject, typed);
  };
  const step = (by: number) => setTyped(Math.min(MOST_SEED, Math.max(0, (typed ?? seed) + by)));
  return (
    <div className={classes.field}>
      <span className={classes.label}>
        <Explained
          term="seed"
          text="The random method and the order of tiles in fine-tuning are drawn from it: the same seed, the same numbers. Taken with Enter."
        >
          Seed
        </Explained>
      </span>
      {/* Not Mantine's field for numbers: it would be a thirtieth of the first script. */}
      <TextInput
        size="xs"
        aria-label="Seed"
        inputMode="numeric"
        classNames={{ input: classes.number }}
        value={typed ?? ''}
        onChange={({ currentTarget }) => {
          const digits = currentTarget.value.replaceAll(/\D/g, '');
          if (Number(digits) <= MOST_SEED) setTyped(digits === '' ? null : Number(digits));
        }}
        onBlur={take}
        onKeyDown={(event) => {
          const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
          if (event.key === 'Enter') take();
          if (way === undefined) return;
          event.preventDefault();
          step(way);
        }}
      />
    </div>
  );
}

function Facts() {
  const opened = useLab(({ opened }) => opened);
  if (!opened) return <p className={`caption ${classes.facts}`} />;
  const { nets, split } = opened;
  const { title, arch, group } = nets.main;
  return (
    <p className={`caption ${classes.facts}`} data-testid="model-facts">
      {title}: {arch},{' '}
      <Explained
        term="group"
        text="The turns that are built in: C1 none, C2 half turns, C4 quarter turns, D1 mirror images, D4 quarter turns and mirror images."
      >
        {group === 'C1' ? 'no symmetry group' : `group ${group}`}
      </Explained>
      ,{' '}
      <Explained
        term="split"
        text={`Training / validation / test tiles, split seed ${split.seed}. Training tiles teach it and give means and variances; validation tiles are what this view shows; test tiles choose nothing and are not looked at here.`}
      >
        {whole(split.train)} / {whole(split.val)} / {whole(split.test)} tiles
      </Explained>
    </p>
  );
}

/** Those known last, wherever the bar stood then. */
let seen: readonly PairChoice[] = [];

/** The pairs of the catalogue; those seen last, while another network is opened. */
function usePairs(): readonly PairChoice[] {
  const now = useLab(({ opened }) => opened?.pairs);
  if (now) seen = now;
  return now ?? seen;
}

/** The runs kept in this browser, and how to read them again; those read before, where they cannot be. */
function useRuns(): [readonly RunRow[], () => void] {
  const rows = useTraining(({ rows }) => rows);
  useEffect(readAgain, []);
  return [rows ?? NONE, readAgain];
}

const NONE: readonly RunRow[] = [];
const NO_NETWORKS: readonly NetworkRow[] = [];

function readAgain(): void {
  refresh().catch(() => {});
  void refreshNetworks();
}
