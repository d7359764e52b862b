import { todayInVietnam } from '#lgsp/vietnam';
import type { CheckRun } from '../check.run';
import { breaksOf, type RecordedSchemas } from '../versions/schema.record';

/** Whether the operations are still what their callers rely on. */
export function checkVersions(
  { verdicts, options }: CheckRun,
  present: RecordedSchemas,
  isMeant: (subject: string) => boolean,
): void {
  const { recorded } = options;
  if (!recorded) {
    verdicts.skip('versions.compatible', 'there is no record of its schemas (--recorded)');
    return;
  }
  const meant = Object.fromEntries(Object.entries(recorded).filter(([subject]) => isMeant(subject)));
  for (const { subject, path, rule, message } of breaksOf(meant, present, todayInVietnam(new Date()))) {
    const expected = 'another major version for a change that breaks its callers';
    verdicts.break('versions.compatible', subject, {
      sent: 'the recorded schemas',
      came: `${path} ${message} (${rule})`,
      expected,
    });
  }
  verdicts.keep('versions.compatible');
}
