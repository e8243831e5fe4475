/** Reads a report that was written earlier, maybe by another version, maybe something else altogether. */
import { BadInput } from '../errors';
import { requireOnce } from '../files/twice';
import { plain, plainTexts } from '../plain';
import { type Report, reportSchema } from './report';

/** The longest text in a report: its notes are whole sentences. */
const LONGEST = 2000;

/** Checks parsed JSON as a report; all of its texts are made plain lines. Throws `BadInput` that calls it `name` and says what does not fit. */
export function parseReport(value: unknown, name: string): Report {
  const { kind, version } = (value ?? {}) as { kind?: unknown; version?: unknown };
  if (kind !== 'orbit-lab report') {
    throw new BadInput(
      `${plain(name)} is not a report of this lab; give the report.json that \`lab reproduce\` has written.`,
    );
  }
  if (version !== 1) {
    throw new BadInput(
      `${plain(name)} is a report of version ${plain(String(version))}, and this page reads version 1; open it in the page it was made with, or make it again.`,
    );
  }
  const parsed = reportSchema.safeParse(plainTexts(value, LONGEST));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new BadInput(
    `${plain(name)} is a damaged report: "${path.join('.')}" does not fit (${message}). Make it again.`,
  );
}

/** The text of a file as a report; throws `BadInput` as `parseReport`, and for what is no JSON or says something twice. */
export function readReport(text: string, name: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadInput(
      `${plain(name)} is not JSON, so it is no report; give the report.json that \`lab reproduce\` has written.`,
      {
        cause,
      },
    );
  }
  requireOnce(text, plain(name));
  return parseReport(value, name);
}
