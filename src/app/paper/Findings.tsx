/** `docs/what-reproduces.md`, the same words as in the repository. */
import { Prose } from '../parts/Prose';
import { loadFindings } from './shipped';

export const Findings = () => <Prose load={loadFindings} className="card" />;
