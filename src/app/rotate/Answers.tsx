/** What each network says of the tile at the present angle: a panel for each, with a bar for each class. */
import { ActionIcon, NativeSelect } from '@mantine/core';
import { useEffect } from 'react';
import { refreshRuns } from '../../state/drivers/looking';
import { refreshNetworks } from '../../state/drivers/networks';
import { type Look, useLooking } from '../../state/rotate/looking';
import { defaultNets } from '../../state/rotate/netRefs';
import { usePictures } from '../../state/rotate/pictures';
import { useTurning } from '../../state/rotate/turning';
import { wholePercent } from '../../state/words/format';
import { strangeSentence } from '../../state/words/rotate';
import { GROUP_SENTENCES } from '../../state/words/train';
import { MOST_NETS } from '../../worker/protocol/choices';
import { Explained } from '../parts/Explained';
import { ShareBars } from '../parts/ShareBars';
import classes from './Answers.module.css';
import { Breaks } from './Breaks';
import { NET_LOOKS } from './nets';
import { useOffered } from './useOffered';

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
      <ShareBars
        label={`Class probabilities, ${net.title}`}
        chosen={answer.answer}
        width="2.8rem"
        bars={net.classes.map((name, c) => ({
          ...{ name, share: probabilities[c] },
          value: wholePercent(probabilities[c]),
        }))}
      />
      <Breaks key={look.key} net={index} />
      {strange && <p className={`caption ${classes.strange}`}>{strange}</p>}
    </>
  );
}
