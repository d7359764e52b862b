import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricTable } from '#lgsp/telemetry';
import { parse } from 'yaml';
import {
  alerts,
  familyOf,
  msOf,
  recordings,
  root,
  ruleFiles,
  ruleName,
  rulesFolder,
  runbookOf,
  scaled,
  testsFolder,
} from './rules';

const testFiles = readdirSync(testsFolder).toSorted();
const promtool = (...args: string[]): string => execFileSync('promtool', args, { encoding: 'utf8', stdio: 'pipe' });

interface RuleTest {
  name: string;
  promql_expr_test?: { expr: string; eval_time: string; exp_samples: { labels: string }[] }[];
}
const groups = testFiles.flatMap(
  (file) => (parse(readFileSync(join(testsFolder, file), 'utf8')) as { tests: RuleTest[] }).tests,
);

describe.each(ruleFiles)('%s', (file) => {
  it('is read by Prometheus', () => {
    expect(promtool('check', 'rules', join(rulesFolder, file))).toMatch(/SUCCESS: \d+ rules found/);
  });

  it('does what its tests say', () => {
    expect(testFiles).toContain(file);
    expect(promtool('test', 'rules', join(testsFolder, file))).toContain('SUCCESS');
  }, 240_000);
});

it('deploy/prometheus/prometheus.yml scrapes every part that there is, and is read by Prometheus', () => {
  execFileSync(process.execPath, ['deploy/prometheus/write.mjs', '--check'], { cwd: root, stdio: 'pipe' });
  expect(promtool('check', 'config', join(root, 'deploy/prometheus/prometheus.yml'))).toContain('is valid');
});

const named = [...alerts, ...recordings].map((rule) => [ruleName(rule), rule] as const);

describe.each(named)('%s', (_name, { expr }) => {
  it('asks only for metrics of the table, with the labels that they have, and for what is recorded', () => {
    const recorded = new Set(recordings.map(({ record }) => record));
    const asked = [...expr.matchAll(/\b(lgsp[a-z0-9_:]+)(?:\{([^}]*)\})?/g)];
    for (const [, name, matchers = ''] of asked) {
      if (name!.startsWith('lgsp:')) {
        expect(recorded).toContain(name);
        continue;
      }
      const { labels } = metricTable[familyOf(name!)];
      for (const [, label] of matchers.matchAll(/(\w+)\s*[!=]/g)) expect(labels).toContain(label);
    }
    expect(asked.length > 0 || expr.startsWith('up{')).toBe(true);
  });
});

describe.each(alerts)('$alert', ({ alert, labels, annotations }) => {
  it('says how bad it is, in Vietnamese what is wrong, and leads to its runbook', () => {
    expect(alert).toMatch(/^Lgsp[A-Z]/);
    expect(['critical', 'warning']).toContain(labels['severity']);
    expect(annotations['summary']).toMatch(/[ạảãàáâậầấẩẫăắằặẳẵóòọõỏôộổỗồốơờớợởỡéèẻẹẽêếềệểễúùụủũưựữửừứíìịỉĩýỳỷỵỹđ]/i);
    expect(annotations['description']!.length).toBeGreaterThan(40);
    expect(annotations['runbook_url']).toBe(`{{ $externalLabels.runbooks }}/${runbookOf(alert)}.md`);
  });

  it('is tried: it does not fire when all is well, fires, names what it is about, and ends', () => {
    const firing = `alertname="${alert}",alertstate="firing"`;
    const tried = groups.some(({ promql_expr_test: tests = [] }) => {
      const fires = tests.find(({ exp_samples: samples }) => samples.some((one) => one.labels.includes(firing)));
      if (!fires) return false;
      const all = ['ALERTS', 'ALERTS{alertstate="firing"}', `ALERTS{alertname="${alert}"}`];
      const quiet = tests
        .filter(({ expr, exp_samples: samples }) => samples.length === 0 && all.includes(expr))
        .map((one) => msOf(one.eval_time));
      const at = msOf(fires.eval_time);
      const whom = /,(system|client|part|code)="/.test(fires.exp_samples[0]!.labels);
      return whom && quiet.some((ms) => ms > at) && quiet.some((ms) => ms < at);
    });
    expect(tried).toBe(true);
  });
});

describe('scaled', () => {
  it('shortens windows, offsets, pauses and ages, and nothing else', () => {
    const text = `
      - record: lgsp:requests:rate5m
        expr: rate(lgsp_requests_total[5m]) > 5 and x offset 1w > 14.4 * 0.01
      - expr: x - time() < 14 * 86400
        for: 1h30m`;
    expect(scaled(text, 1 / 60)).toBe(`
      - record: lgsp:requests:rate5m
        expr: rate(lgsp_requests_total[5000ms]) > 5 and x offset 10080000ms > 14.4 * 0.01
      - expr: x - time() < 14 * 1440
        for: 90000ms`);
  });

  it.each(ruleFiles)('%s: knows every time in it', (file) => {
    const text = scaled(readFileSync(join(rulesFolder, file), 'utf8'), 1);
    const code = text.replaceAll(/^ *(#|summary|description|- record).*$/gm, '').replaceAll(/lgsp:[\w:]+/g, '');
    expect(code.match(/\b\d+[smhdw]\b/g)).toBeNull();
    // An age is a number of seconds: it must be written so that it is seen to be one.
    expect(code.match(/time\(\) [<>] \d+$/gm)).toBeNull();
  });
});
