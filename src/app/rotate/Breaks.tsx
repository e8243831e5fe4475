/** The equivariance meter of any network, on the tile that is shown: whether its layers turn with it, and where that breaks. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { askWhereItBreaks } from '../../state/drivers/looking';
import { explain } from '../../state/words/explain';
import { capital } from '../../state/words/format';
import classes from './Answers.module.css';

/** Measured when it is asked for: each layer's maps are compared at every turn. Of another tile it is asked anew. */
export function Breaks({ net }: { readonly net: number }) {
  const [said, setSaid] = useState<string | null>(null);
  const [isMeasuring, setMeasuring] = useState(false);
  const measure = async () => {
    setMeasuring(true);
    setSaid(await askWhereItBreaks(net).then((words) => `${capital(words)}.`, explain));
    setMeasuring(false);
  };
  return (
    <div className={classes.breaks}>
      <Button size="compact-xs" variant="subtle" color="gray" loading={isMeasuring} onClick={measure}>
        Do its layers turn with the tile?
      </Button>
      <p className="caption" role="status" data-testid="breaks">
        {said}
      </p>
    </div>
  );
}
