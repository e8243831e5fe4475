/** What each network says of the tile at the present angle: a panel for each, with a bar for each class. */
import { ActionIcon, NativeSelect } from '@mantine/core';
import { useEffect } from 'react';
import { refreshRuns } from '../../state/drivers/looking';
import { refreshNetworks, useNetworks } from '../../state/drivers/networks';
import { useExperiment } from '../../state/prune/experiment';
import { useSheets } from '../../state/prune/sheets';
import { type Look, useLooking } from '../../state/rotate/looking';
import { defaultNets, keptNet, netsOfRun, PRUNED } from '../../state/rotate/netRefs';
import { usePictures } from '../../state/rotate/pictures';
import { useTurning } from '../../state/rotate/turning';
import { wholePercent } from '../../state/words/format';
import { strangeSentence } from '../../state/words/rotate';
import { GROUP_SENTENCES } from '../../state/words/train';
import { MOST_NETS } from '../../worker/protocol/protocol';
import { Explained } from '../parts/Explained';
import classes from './Answers.module.css';
import { NET_LOOKS } from './nets';

export function Answers() {
  useEffect(() => void refreshNetworks(), []);
  const names = useNames();
  const look = useLooking(({ look }) => look);
  const groups = useOffered(names);
  const put = (nets: readonly string[]) => useTurning.setState({ nets });
  return (
    <section className={classes.panels} aria-label="What the networks say">
      {names.map((name, i) => (
        <article
          key={name}
          className={`card ${classes.panel}`}
          style={{ '--net': NET_LOOKS[i].colour } as React.CSSProperties}
        >
          <header className={classes.head}>
            <span className={classes.key} aria-hidden="true" />
            <NativeSelect
              size="xs"
              className={classes.select}
              aria-label={`Network ${i + 1}`}
              data={groups(name)}
              value={name}
              onFocus={() => void refreshRuns()}
              onChange={({ currentTarget }) => put(names.with(i, currentTarget.value))}
            />
            {names.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={30}
                aria-label={`Take network ${i + 1} off`}
                onClick={() => put(names.filter((_, at) => at !== i))}
              >
                ×
              </ActionIcon>
            )}
          </header>
          {look && look.names[i] === name ? (
            <Answer look={look} index={i} />
          ) : (
            <div className={classes.waiting} aria-busy="true" />
          )}
        </article>
      ))}
      {names.length > 0 && names.length < MOST_NETS && (
        <NativeSelect
          size="xs"
          className={classes.add}
          aria-label="Add a network"
          data={[{ value: '', label: 'Add a network …' }, ...groups(null)]}
          value=""
          onFocus={() => void refreshRuns()}
          onChange={({ currentTarget }) => {
            if (currentTarget.value) put([...names, currentTarget.value]);
          }}
        />
      )}
    </section>
  );
}

/** The networks that are wanted: those chosen, else those that suit the picture. */
function useNames(): readonly string[] {
  const chosen = useTurning(({ nets }) => nets);
  const choices = useLooking(({ choices }) => choices);
  const runs = useLooking(({ runs }) => runs);
  const shown = usePictures(({ shown }) => shown);
  if (chosen) return chosen;
  return choices && shown ? defaultNets(choices, runs, shown.brought) : [];
}

/** What a slot may hold: everything that no other slot does. */
function useOffered(names: readonly string[]) {
  const choices = useLooking(({ choices }) => choices) ?? [];
  const runs = useLooking(({ runs }) => runs);
  const kept = useNetworks(({ rows }) => rows) ?? [];
  const hasSheet = useSheets(({ main }) => main !== null);
  const isPruned = useExperiment(({ settled }) => settled.removed > 0) && hasSheet;
  return (own: string | null) => {
    const free = ({ value }: { value: string }) => value === own || !names.includes(value);
    const trainedOn = (synthetic: boolean) =>
      choices
        // The smallest are there for tests.
        .filter(
          ({ dataset, size, id }) => (dataset === 'synthetic') === synthetic && (size >= 32 || id === own),
        )
        .map(({ id, title }) => ({ value: id, label: title }));
    const files = kept.map(({ id, name }) => ({ value: keptNet(id), label: name }));
    const mine = [...files, ...runs.flatMap((run) => netsOfRun(run).toReversed())];
    const isMissing = own && /^(run|file):/.test(own) && mine.every(({ value }) => value !== own);
    const gone = isMissing ? [{ value: own, label: 'A network that is not here' }] : [];
    return [
      { group: 'My networks', items: [...mine, ...gone] },
      { group: 'Trained on synthetic tiles', items: trainedOn(true) },
      { group: 'Trained on real tiles', items: trainedOn(false) },
      {
        group: 'On the Prune view',
        items:
          isPruned || own === PRUNED ? [{ value: PRUNED, label: 'The network as it is pruned there' }] : [],
      },
    ]
      .map(({ group, items }) => ({ group, items: items.filter(free) }))
      .filter(({ items }) => items.length > 0);
  };
}

function Answer({ look, index }: { look: Look; index: number }) {
  const answer = useLooking(({ present }) => present?.row[index] ?? null);
  const upright = useLooking(({ sweep }) => sweep[0]?.[index] ?? null);
  const net = look.nets[index];
  if (net.problem !== null) return <p className={classes.problem}>{net.problem}</p>;
  if (!answer) return <div className={classes.waiting} aria-busy="true" />;
  const { probabilities, undecided } = answer;
  const isOther = upright !== null && upright.answer !== answer.answer;
  const strange = strangeSentence(net, look.shown.brought);
  return (
    <>
      <p className={classes.says} data-testid="says" data-other={isOther || undefined}>
        {/* Names of any script: the figure stays behind one that runs from right to left. */}
        <strong>
          <bdi>{net.classes[answer.answer]}</bdi>
        </strong>{' '}
        {undecided ? 'too close to call' : wholePercent(probabilities[answer.answer])}
      </p>
      <p className={`caption ${classes.beside}`}>
        {net.kind}
        {net.group !== 'C1' && (
          <>
            ,{' '}
            <Explained term="group" text={GROUP_SENTENCES[net.group]}>
              {net.group}
            </Explained>
          </>
        )}
        {isOther ? `; upright it says ${net.classes[upright.answer]}` : ''}
      </p>
      <ul className={classes.bars} aria-label={`Class probabilities, ${net.title}`}>
        {net.classes.map((name, c) => (
          <li key={name} data-answer={c === answer.answer || undefined}>
            <span className={classes.name}>{name}</span>
            <span className={classes.track} aria-hidden="true">
              <span style={{ scale: `${probabilities[c]} 1` }} />
            </span>
            <span className={classes.value}>{wholePercent(probabilities[c])}</span>
          </li>
        ))}
      </ul>
      {strange && <p className={`caption ${classes.strange}`}>{strange}</p>}
    </>
  );
}
