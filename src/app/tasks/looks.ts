/** How the three ways are told apart in charts: by colour and dash. */
import type { Way } from '../../lab/tasks/adapting';
import type { LineLook } from '../charts/Legend';

export const WAY_LOOKS: Readonly<Record<Way, LineLook>> = {
  tuned: { colour: 'var(--vermillion)', dash: '5 3' },
  adapted: { colour: 'var(--purple)', dash: '1.5 2.5' },
  equivariant: { colour: 'var(--accent)' },
};
