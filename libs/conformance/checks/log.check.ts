import type { CheckRun } from '../check.run';
import type { DescribedOperation } from '../described.operation';

/** Shortest text that is told apart from any other. */
const lengthMin = 6;

/** Looks in what the process wrote for the texts of examples of operations on persons. */
export function checkLog({ verdicts }: CheckRun, operations: readonly DescribedOperation[], log: string): void {
  for (const { subject, sensitivity, example } of operations) {
    if (sensitivity === 'public' || !example) continue;
    const leaked = textsOf([example.input, example.output]).find((text) => log.includes(text));
    if (leaked === undefined) verdicts.keep('log.personal');
    else {
      const line = log.split('\n').find((it) => it.includes(leaked)) ?? '';
      const evidence = { sent: 'the example', came: line, expected: `no "${leaked}" in the log` };
      verdicts.break('log.personal', subject, evidence);
    }
  }
}

/** Texts that can only come from the example: no codes in lower case, and no days and times of this century. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string')
    return value.length >= lengthMin && !/^([a-z-]+|20\d\d-.*)$/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
