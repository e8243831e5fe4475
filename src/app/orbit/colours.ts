/** How the maps of a field are told apart, wherever they go: by the turn of the filter that made them; mirrored ones are dashed. */
import { GROUPS, type GroupName } from '../../lab/symmetry/group';

const COLOURS = ['var(--accent)', 'var(--orange)', 'var(--green)', 'var(--purple)'] as const;

export function seatLook(
  name: GroupName,
  seat: number,
): { readonly colour: string; readonly isMirrored: boolean } {
  const { turns, mirror } = GROUPS[name].elements[seat];
  return { colour: COLOURS[turns], isMirrored: mirror };
}
