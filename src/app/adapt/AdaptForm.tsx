/** What to run: a plain network, the tiles that it learns, and how. */
import { NativeSelect } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { sameClasses } from '../../lab/data/tiles';
import { type Begin, changeAdapting, useAdapting } from '../../state/adapt/plan';
import { adaptingProblem } from '../../state/adapt/recipe';
import { openNetwork, startAdapting, useShipped } from '../../state/drivers/adapting';
import { openNetworkFiles } from '../../state/drivers/networks';
import type { PlanData } from '../../state/train/plan';
import { count, whole } from '../../state/words/format';
import { ChooseFiles } from '../parts/ChooseFiles';
import { RunForm } from '../parts/RunForm';
import { useBeginnings } from '../parts/useBeginnings';
import { usePlanData } from '../train/data';
import { AdaptStages } from './AdaptStages';

export function AdaptForm() {
  const { plan, begin, refusal } = useAdapting();
  const datasets = usePlanData();
  const data = datasets?.find(({ id }) => id === plan.data);
  useEffect(() => void openNetwork(plan.network), [plan.network]);
  const problem = useMemo(() => {
    if (!begin) return refusal ?? 'The network is being opened.';
    return datasets ? adaptingProblem(plan, begin, data) : null;
  }, [plan, begin, refusal, datasets, data]);
  return (
    <RunForm
      name="adapt"
      title="Adapt a network"
      data={plan.data}
      datasets={datasets}
      onData={(data) => changeAdapting({ data })}
      button="Adapt"
      problem={problem}
      kept="stage and epoch"
      onStart={() => void startAdapting()}
    >
      <NetworkField data={data} />
      <AdaptStages />
    </RunForm>
  );
}

/** A plain network beside the page, one of mine in floats, or one from a file. */
function NetworkField({ data }: { data: PlanData | undefined }) {
  const { plan, begin } = useAdapting();
  const groups = useBeginnings(useShipped(({ plain }) => plain) ?? [], plan.network);
  // What a link names is named even where it is not on the list.
  const isListed = groups.some(({ items }) => items.some(({ value }) => value === plan.network));
  const unlisted = { value: plan.network, label: begin?.name ?? `"${plan.network}"` };
  return (
    <div>
      <NativeSelect
        label="Network"
        value={plan.network}
        data={isListed ? groups : [unlisted, ...groups]}
        onChange={({ currentTarget: { value } }) => changeAdapting({ network: value })}
      />
      <p className="caption" data-testid="adapt-network">
        {begin && factsOf(begin, data)}
      </p>
      <ChooseFiles
        label="Open a network file"
        variant="default"
        accept=".safetensors,.onnx"
        onFiles={(files) => void openNetworkFiles(files)}
      />
    </div>
  );
}

/** What the network is, and what these tiles ask of it. */
function factsOf({ given: { model } }: Begin, data: PlanData | undefined): string {
  const { arch, classes, params } = model;
  const size = Object.values(params).reduce((sum, { data: { length } }) => sum + length, 0);
  const known = `${arch.id}, ${whole(size)} numbers, ${count(classes.length, 'class', 'classes')}.`;
  if (!data || sameClasses(classes, data.classes)) return known;
  return `${known} These tiles have other classes, so it gets a new last layer.`;
}
