import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { Metrics, metricTable, type MetricName } from '#lgsp/telemetry';
import { buildDashboard, metricsIn, panelsOf } from '../../deploy/grafana/dashboard';
import { dashboardOf } from '../../deploy/grafana/alert.table';
import { alertNames } from '../../deploy/grafana/alerts';
import { dashboards, notShown } from '../../deploy/grafana/dashboards';
import { runbookOf } from '../../deploy/grafana/panel';
import { dashboardsPage } from './dashboards.page';

const root = resolve(__dirname, '../..');
const folder = join(root, 'deploy/grafana');
const writes = process.env['LGSP_WRITE_DOCS'] === '1';

const panels = dashboards.flatMap((dashboard) =>
  panelsOf(dashboard).map((one) => ({ name: `${dashboard.title}: ${one.panel.title}`, ...one })),
);

/** Compares a file with what it is made from; `npm run docs` writes it instead. */
function expectMade(path: string, text: string): void {
  if (writes) writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
}

it.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))(
  '%s.json is made from its code',
  (uid, spec) => {
    expectMade(join(folder, 'dashboards', `${uid}.json`), `${JSON.stringify(buildDashboard(spec), null, 2)}\n`);
  },
);

it('there is no dashboard without code', () => {
  expect(readdirSync(join(folder, 'dashboards')).toSorted()).toEqual(
    dashboards.map(({ uid }) => `${uid}.json`).toSorted(),
  );
});

it('docs/dashboards.md says what the dashboards are', () => {
  expectMade(join(root, 'docs/dashboards.md'), dashboardsPage(dashboards, notShown));
});

describe.each(panels.map((one) => [one.name, one.panel] as const))('%s', (_name, panel) => {
  it('has a Vietnamese title, an English description, a unit and a query', () => {
    expect(panel.title.trim()).not.toBe('');
    expect(panel.description).toMatch(/^[A-Z][^À-ỹ]{20,}[.]$/);
    expect(panel.unit).not.toBe('');
    expect(panel.queries.length).toBeGreaterThan(0);
  });

  it('asks for metrics that processes export, with labels that they have', () => {
    for (const { text } of panel.queries.filter(({ source }) => source === 'prometheus')) {
      for (const metric of metricsIn(text)) expect(Object.keys(metricTable)).toContain(metric);
      for (const [, name = '', selector = ''] of text.matchAll(/\b(lgsp_[a-z0-9_]+)\{([^}]*)\}/g)) {
        const [metric] = metricsIn(name) as [MetricName];
        const labels = [...selector.matchAll(/(\w+)(=|!=|=~|!~)"/g)].map(([, label]) => label);
        for (const label of labels) expect(metricTable[metric].labels).toContain(label);
      }
    }
  });
});

it('no two panels of a dashboard have one title', () => {
  const names = panels.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it('what is not a metric of the bus is one that its processes export, or of Prometheus itself', async () => {
  const runtime = [...(await new Metrics().text()).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
  const known = new Set([...runtime, 'up', 'ALERTS']);
  const named = panels
    .flatMap(({ panel }) => panel.queries.filter(({ source }) => source === 'prometheus'))
    .flatMap(({ text }) => [...text.matchAll(/\b((?:process|nodejs)_\w+|up|ALERTS)\b/g)].map(([name]) => name));
  expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
  expect(named).toContain('process_cpu_seconds_total');
});

it('every metric is on a panel, or it is said why not', () => {
  const shown = new Set(panels.flatMap(({ panel }) => panel.queries.flatMap(({ text }) => metricsIn(text))));
  const missing = Object.keys(metricTable).filter((name) => !shown.has(name) && !(name in notShown));
  expect(missing).toEqual([]);
  expect(Object.keys(notShown).filter((name) => shown.has(name) || !(name in metricTable))).toEqual([]);
});

describe('alerts', () => {
  const rules = readdirSync(join(root, 'deploy/prometheus/rules')).flatMap((name) => {
    const { groups } = parse(readFileSync(join(root, 'deploy/prometheus/rules', name), 'utf8')) as {
      groups: { rules: { alert?: string; annotations?: { runbook_url: string } }[] }[];
    };
    return groups.flatMap((group) => group.rules).filter(({ alert }) => alert !== undefined);
  });

  it('each leads to a panel, on the dashboard that the table of alerts names', () => {
    expect([...alertNames].toSorted()).toEqual(rules.map(({ alert }) => alert!).toSorted());
    for (const alert of alertNames) {
      const dashboard = dashboards.find(({ uid }) => uid === dashboardOf(alert))!;
      const named = panelsOf(dashboard).flatMap(({ panel }) => panel.alerts ?? []);
      expect(named).toContain(alert);
    }
  });

  it('each has its runbook where the panels look for it', () => {
    const wanted = new Map(
      alertNames.map((alert) => [String(alert), `{{ $externalLabels.runbooks }}/${runbookOf(alert)}.md`]),
    );
    for (const { alert, annotations } of rules) expect(annotations!.runbook_url).toBe(wanted.get(alert!));
  });
});

it('links lead to dashboards that are there', () => {
  const uids = dashboards.map(({ uid }) => uid);
  for (const dashboard of dashboards) {
    const linked = [...JSON.stringify(buildDashboard(dashboard)).matchAll(/\/d\/([\w-]+)/g)].map(([, uid]) => uid);
    for (const uid of linked) expect(uids).toContain(uid);
  }
});

describe('provisioning', () => {
  const read = (path: string): unknown => parse(readFileSync(join(folder, 'provisioning', path), 'utf8'));

  it('gives the sources the ids that the dashboards name, and holds no secret', () => {
    const { datasources } = read('datasources/lgsp.yml') as { datasources: Record<string, unknown>[] };
    expect(datasources.map(({ uid }) => uid)).toEqual(['lgsp-prometheus', 'lgsp-book']);
    expect(datasources[1]).toMatchObject({
      user: 'lgsp_grafana',
      secureJsonData: { password: '$LGSP_BOOK_READER_PASSWORD' },
    });
    expect(read('dashboards/lgsp.yml')).toMatchObject({ providers: [{ allowUiUpdates: false }] });
  });

  it('place.mjs writes the addresses of the deployment, and refuses what is none', () => {
    const out = mkdtempSync(join(tmpdir(), 'lgsp-grafana-'));
    const place = join(folder, 'place.mjs');
    const addresses = ['--gateway', 'https://lgsp.example.vn/', '--runbooks', 'https://docs.example.vn/operations'];
    execFileSync(process.execPath, [place, ...addresses, '--out', out]);
    expect(readdirSync(out)).toHaveLength(dashboards.length);
    const { templating } = JSON.parse(readFileSync(join(out, 'lgsp-connection.json'), 'utf8')) as {
      templating: { list: { name: string; query: string }[] };
    };
    const queries = Object.fromEntries(templating.list.map(({ name, query }) => [name, query]));
    expect(queries).toMatchObject({
      gateway: 'https://lgsp.example.vn',
      runbooks: 'https://docs.example.vn/operations',
    });
    rmSync(out, { recursive: true });
    const refused = spawnSync(process.execPath, [place, '--gateway', 'lgsp.example.vn', '--out', out], {
      encoding: 'utf8',
    });
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('--gateway takes') });
  });
});
