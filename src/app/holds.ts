/** The page's side of the holds: tells every worker where jobs are to wait. Kept over a reload, and the same in all tabs. */
import { HOLDS, type Hold, type HoldMessage } from '../worker/protocol/hold';

let channel: BroadcastChannel | undefined;

/** Has jobs wait there from now on; null lets all go on. */
export function hold(at: Hold | null): void {
  localStorage.setItem(HOLDS, JSON.stringify(at));
  tellHold();
}

/** Tells the workers, now and whenever one asks. */
export function tellHold(): void {
  channel ??= new BroadcastChannel(HOLDS);
  channel.onmessage = ({ data }: MessageEvent<HoldMessage>) => {
    if (data === 'ask') tellHold();
  };
  const kept: Hold | null = JSON.parse(localStorage.getItem(HOLDS) ?? 'null');
  channel.postMessage({ hold: kept } satisfies HoldMessage);
}
