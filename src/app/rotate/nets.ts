/** How the networks of the Rotate view are told apart: by colour, and by dash where there are lines. */

export interface NetLook {
  readonly colour: string;
  readonly dash: string | undefined;
}

/** By their places. */
export const NET_LOOKS: readonly NetLook[] = [
  { colour: 'var(--accent)', dash: undefined },
  { colour: 'var(--vermillion)', dash: '5 3' },
  { colour: 'var(--green)', dash: '1.5 2.5' },
  { colour: 'var(--purple)', dash: '8 2 2 2' },
];
