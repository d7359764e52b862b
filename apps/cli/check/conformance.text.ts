import { conformanceRules, type ConformanceReport, type RuleState } from '#lgsp/conformance';
import { drawColumns } from '../table';

const marks: Record<RuleState, string> = { kept: '✓', broken: '✗', 'not-tried': '–' };

/** A report as a person reads it: every rule, then each finding with what was sent and what came. */
export function conformanceText({
  target,
  instances,
  operations,
  rules,
  findings,
  conforms,
}: ConformanceReport): string {
  const lines = rules.map(({ rule, state, why }) => [
    `${marks[state]} ${rule}`,
    conformanceRules[rule].level,
    state === 'not-tried' ? `not tried: ${why}` : conformanceRules[rule].asks.replaceAll('`', ''),
  ]);
  const shown = findings.map(({ rule, level, subject, sent, came, expected, times, where }) =>
    [
      `✗ ${rule} (${level})${subject ? ` at ${subject}` : ''}${times > 1 ? `, ${times} times` : ''}`,
      `    sent      ${sent}`,
      `    came      ${came}`,
      `    expected  ${expected}`,
      `    rule      ${where}`,
    ].join('\n'),
  );
  const untried = rules.filter(({ state }) => state === 'not-tried').length;
  return [
    `${target}: ${counted(instances, 'instance')}, ${counted(operations.length, 'operation')}`,
    '',
    drawColumns([['rule', 'level', 'what it asks'], ...lines]),
    '',
    ...shown.flatMap((finding) => [finding, '']),
    conforms
      ? `✓ it conforms${untried > 0 ? `, as far as it was tried: ${counted(untried, 'rule')} not tried` : ''}`
      : `✗ it does not conform: ${counted(findings.length, 'finding')}`,
  ].join('\n');
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
