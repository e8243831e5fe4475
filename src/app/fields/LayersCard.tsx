/** The network layer by layer: its fields, what goes of them, and what each layer costs before and after. */
import { Checkbox, Radio, SegmentedControl, Title } from '@mantine/core';
import { memo, type ReactNode, useMemo, useState } from 'react';
import type { ArchSpec } from '../../lab/families/gcnn/arch';
import { orbitsOf } from '../../lab/prune/orbits/choice';
import type { TrunkPlan } from '../../lab/prune/trunk/choice';
import { bySaliency } from '../../lab/prune/units/units';
import { GROUPS } from '../../lab/symmetry/group';
import { layersOf, settleFields, useFields } from '../../state/fields/fields';
import { useTrunk } from '../../state/fields/trunkState';
import { count } from '../../state/words/format';
import { Explained } from '../parts/Explained';
import { SaveMenu } from '../saving/SaveMenu';
import { FieldGlyph, KernelGlyph } from './glyphs';
import classes from './LayersCard.module.css';
import { LayersTable } from './LayersTable';
import { usePlanHere } from './plan';
import { layersTable } from './tables';

type Order = 'place' | 'saliency';

export function LayersCard() {
  const ranking = useTrunk(({ ranked }) => ranked!.ranking);
  const plan = usePlanHere();
  const method = useFields(({ form }) => form.method);
  const [order, setOrder] = useState<Order>('place');
  const { arch } = ranking;
  return (
    <section className="card" aria-labelledby="layers-title">
      <div className={classes.head}>
        <Title order={2} size="h4" id="layers-title">
          Layer by layer
        </Title>
        <div className={classes.tools}>
          <SegmentedControl
            size="xs"
            aria-label="Order of the fields"
            value={order}
            data={[
              { value: 'place', label: 'In place' },
              { value: 'saliency', label: 'By saliency' },
            ]}
            onChange={(value) => setOrder(value as Order)}
          />
          <SaveMenu what="layers before and after" table={() => layersTable(arch, plan)} picture="table" />
        </div>
      </div>
      <p className={`caption ${classes.legend}`}>
        Each flower is a{' '}
        <Explained
          term="field"
          text="One feature of an equivariant layer: as many channels as the group has elements, each looking for the same thing in another orientation. No farmland is meant."
        >
          field
        </Explained>
        : one filter in {GROUPS[arch.group].order} orientations, a petal each. Faded and crossed: it goes. By{' '}
        <Explained term="saliency" text="What the chosen method ranks fields by; the lowest go first.">
          saliency
        </Explained>
        : the lowest last.
      </p>
      <div className={classes.blocks}>
        {arch.blocks.map((_, i) => (
          <Layer
            key={i}
            arch={arch}
            block={i + 1}
            plan={plan}
            saliency={ranking.fields[method]?.[i]}
            order={order}
          />
        ))}
        <div className={classes.layer}>
          <p className={classes.name}>Head</p>
          <p className={`caption ${classes.head}`}>
            {arch.head.kind}, {count(arch.head.hidden, 'hidden neuron')}, {arch.classes} classes: reads the
            fields that stay; none of its own neurons go here.
          </p>
        </div>
      </div>
      <LayersTable arch={arch} plan={plan} />
    </section>
  );
}

interface LayerProps {
  readonly arch: ArchSpec;
  /** From 1. */
  readonly block: number;
  readonly plan: TrunkPlan | null;
  /** undefined until they are ranked by the chosen criterion. */
  readonly saliency: Float64Array | undefined;
  readonly order: Order;
}

const NOTHING: ReadonlySet<number> = new Set();

function Layer({ arch, block, plan, saliency, order }: LayerProps) {
  const gone = useSet(plan?.fields[block - 1]);
  const channels = useSet(plan?.channels[block - 1]);
  const orbits = useSet(plan?.orbits[block - 1]);
  const { fields, kernel } = arch.blocks[block - 1];
  const { order: orientations } = GROUPS[arch.group];
  const into = block === 1 ? `${arch.input.channels} channels` : `${arch.blocks[block - 2].fields} fields`;
  const places = useMemo(
    () => Array.from(order === 'saliency' && saliency ? bySaliency(saliency) : Array(fields).keys()),
    [order, saliency, fields],
  );
  return (
    <div className={classes.layer}>
      <LayerName block={block} blocks={arch.blocks.length}>
        {into} → {fields} fields × {orientations}, {kernel}×{kernel}
      </LayerName>
      <div className={classes.body}>
        <Fields block={block} places={places} group={arch.group} gone={gone} channels={channels} />
        <Kernel arch={arch} block={block} gone={orbits} />
      </div>
    </div>
  );
}

/** A layer's name, by which it is taken in or left out; orbits and channels go from one layer alone. */
function LayerName({ block, blocks, children }: { block: number; blocks: number; children: ReactNode }) {
  const form = useFields(({ form }) => form);
  const name = `Layer ${block}`;
  const isOne = form.units !== 'fields';
  const chosen = layersOf(form.layers, blocks) ?? Array.from({ length: blocks }, (_, i) => i + 1);
  const isChosen = isOne ? Math.min(form.layer, blocks) === block : chosen.includes(block);
  return (
    <div className={classes.name}>
      {isOne ? (
        <Radio
          label={name}
          name="fields-layer"
          aria-label={`${name} is pruned`}
          checked={isChosen}
          onChange={() => settleFields({ layer: block })}
        />
      ) : (
        <Checkbox
          label={name}
          aria-label={`${name} is pruned`}
          checked={isChosen}
          disabled={isChosen && chosen.length === 1}
          onChange={() => settleFields({ layers: toggleLayer(chosen, block, blocks) })}
        />
      )}
      <span className="caption">{children}</span>
    </div>
  );
}

function toggleLayer(chosen: readonly number[], block: number, blocks: number): string {
  const next = chosen.includes(block) ? chosen.filter((each) => each !== block) : [...chosen, block];
  return next.length === blocks ? 'all' : next.sort((a, b) => a - b).join();
}

/** The same set while its members are the same, so that a tick of the slider draws only what it changes. */
function useSet(units: Uint32Array | undefined): ReadonlySet<number> {
  const key = units?.join() ?? '';
  return useMemo(() => (key === '' ? NOTHING : new Set(key.split(',').map(Number))), [key]);
}

interface FieldsProps {
  readonly block: number;
  readonly places: readonly number[];
  readonly group: ArchSpec['group'];
  readonly gone: ReadonlySet<number>;
  readonly channels: ReadonlySet<number>;
}

const Fields = memo(function Fields({ block, places, group, gone, channels }: FieldsProps) {
  const left = places.length - gone.size;
  const silenced = channels.size > 0 ? `, ${channels.size} of their channels silenced` : '';
  return (
    <div
      className={classes.fields}
      role="img"
      aria-label={`Layer ${block}: ${left} of ${places.length} fields stay${silenced}`}
      data-testid="layer-fields"
      data-gone={gone.size}
    >
      {places.map((field) => (
        <FieldGlyph key={field} field={field} group={group} gone={gone.has(field)} channels={channels} />
      ))}
    </div>
  );
});

const Kernel = memo(function Kernel({
  arch,
  block,
  gone,
}: {
  arch: ArchSpec;
  block: number;
  gone: ReadonlySet<number>;
}) {
  const { kernel } = arch.blocks[block - 1];
  const orbits = orbitsOf({ ...arch, filters: 'grid' }, block);
  const stored = new Set(orbits.flat());
  const removed = new Set(orbits.flatMap((positions, i) => (gone.has(i) ? positions : [])));
  return (
    <KernelGlyph
      kernel={kernel}
      stored={stored}
      gone={removed}
      label={`Kernel of layer ${block}: ${gone.size} of ${count(orbits.length, 'orbit')} of positions removed`}
    />
  );
});
