/** What the lessons share that hold an equivariant network against a plain one. */
import type { Sheet } from '../../../lab/prune/neurons/sheet';
import type { Seen } from './lesson';

/** The two networks' figures; only asked where `lackOfPair` found nothing. */
export const peerOf = ({ peer }: Seen): Sheet => peer!;

/** Why there are not two such networks on the bench; null where there are. */
export function lackOfPair({ opened, peer }: Seen): string | null {
  const { nets } = opened;
  if (peer && nets.main.kind === 'equivariant' && nets.peer?.kind === 'plain') return null;
  const held = nets.peer ? `held against ${nets.peer.title}` : 'held against nothing';
  return `This lesson holds an equivariant network against a plain one. On the bench is ${nets.main.title} (${nets.main.kind}), ${held}.`;
}

/** The group in words. */
export function groupWords(group: string): string {
  const words: Readonly<Record<string, string>> = {
    C2: 'half turns (the group C2)',
    C4: 'quarter turns (the group C4)',
    D4: 'quarter turns and mirrors (the group D4)',
  };
  return words[group] ?? `the group ${group}`;
}
