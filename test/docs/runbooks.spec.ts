import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricTable } from '#lgsp/telemetry';
import { alerts, recordings, root, runbookOf } from '../alerts/rules';

const folder = join(root, 'docs/operations');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const runbooks = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
const sections = ['What it means', 'See more', 'What to do', 'It is over when'];

it('every alert has its runbook, and every runbook its alert', () => {
  expect(runbooks.toSorted()).toEqual(alerts.map(({ alert }) => `${runbookOf(alert)}.md`).toSorted());
});

it.each(alerts)('the runbook of $alert says what it means, how to see more, what to do and when it is over', (rule) => {
  const { alert, labels } = rule;
  const text = read(`${runbookOf(alert)}.md`);
  expect(text).toMatch(new RegExp(`^# ${alert}\n\n\\*\\*${labels['severity']}\\*\\* · `));
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(sections);
  expect(read('README.md')).toMatch(
    new RegExp(`\\| \\[${alert}\\]\\(${runbookOf(alert)}\\.md\\) +\\| ${labels['severity']} +\\|`),
  );
});

it.each([...runbooks, 'README.md'])('%s speaks of metrics that there are', (file) => {
  const known = new Set([...Object.keys(metricTable), ...recordings.map(({ record }) => record)]);
  for (const [name] of read(file).matchAll(/\blgsp[_:][a-z0-9_:]+/g))
    expect(known).toContain(known.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));
});
