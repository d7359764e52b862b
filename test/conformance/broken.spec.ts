import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceProbe } from '#lgsp/bus';
import { startNats } from '#lgsp/bus/testing';
import { checkConnector, ruleIds, type CheckOptions, type ConformanceReport } from '#lgsp/conformance';
import { startProcess } from '../../apps/cli/check/started.process';

const folder = join(__dirname, 'broken');
const checkMs = 120_000;

/** The one rule that each breaks, and how the finding begins to say what came. */
const broken: Record<string, { rule: string; subjects: string[]; came: RegExp; options?: Partial<CheckOptions> }> = {
  'discovery.broken.js': {
    rule: 'discovery.metadata',
    subjects: ['lgsp.tides.v1.get-tide', 'lgsp.tides.v1.report-level'],
    came: /^timeoutMs: "10 seconds"$/,
  },
  'schema.broken.js': { rule: 'schema.answer', subjects: ['lgsp.tides.v1.get-tide'], came: /"highCm":"380 cm"/ },
  'input.broken.js': {
    rule: 'input.unknown-field',
    subjects: ['lgsp.tides.v1.get-tide', 'lgsp.tides.v1.report-level'],
    came: /^{"station":"hon-dau","highCm":380}/,
  },
  'errors.broken.js': {
    rule: 'errors.headers',
    subjects: ['lgsp.tides.v1.get-tide', 'lgsp.tides.v1.report-level'],
    came: /^{"code":"malformed-json"}/,
  },
  'deadline.broken.js': {
    rule: 'deadline.kept',
    subjects: ['lgsp.tides.v1.get-tide'],
    came: /after [1-9]\d{3} ms$/,
    options: { shortMs: 400, graceMs: 400 },
  },
  'idempotency.broken.js': {
    rule: 'idempotency.once',
    subjects: ['lgsp.tides.v1.report-level'],
    came: /^{"receipt":"R-\d+"}/,
  },
  'drain.broken.js': {
    rule: 'drain.finishes',
    subjects: ['lgsp.tides.v1.get-tide'],
    came: /^0 answered, 0 found nobody, 20 were never answered$/,
  },
};

/** Each before a server of its own: they all have one name, and are tried some at a time, since they mostly wait. */
async function check(file: string, options: Partial<CheckOptions> = {}): Promise<ConformanceReport> {
  const nats = await startNats();
  const started = startProcess(`'${process.execPath}' '${join(folder, file)}'`, nats.url);
  try {
    const probe = new ServiceProbe(await nats.connect('check'));
    return await checkConnector(probe, { target: 'lgsp.tides', commands: true, process: started, ...options });
  } finally {
    await started.kill();
    await nats.stop();
  }
}

it('every broken connector of the folder is tried', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.broken.js'));
  expect(files.toSorted()).toEqual(Object.keys(broken).toSorted());
});

it(
  'a connector that keeps every rule has no finding, and every rule that it falls under was tried',
  async () => {
    const { conforms, findings, rules, operations } = await check('tides.connector.js');
    expect({ conforms, findings }).toEqual({ conforms: true, findings: [] });
    expect(operations).toEqual(['lgsp.tides.v1.get-tide', 'lgsp.tides.v1.report-level']);
    const untried = rules.filter(({ state }) => state !== 'kept');
    // Its schemas were not recorded, it requires no context, and nothing that it tells is personal.
    expect(untried.map(({ rule }) => rule)).toEqual(['versions.compatible', 'context.required', 'log.personal']);
    expect(rules.map(({ rule }) => rule)).toEqual(ruleIds);
  },
  checkMs,
);

it(
  'without being told so it sends no command',
  async () => {
    const { conforms, rules } = await check('idempotency.broken.js', { commands: false });
    expect(conforms).toBe(true);
    expect(rules.find(({ rule }) => rule === 'idempotency.once')).toEqual({
      rule: 'idempotency.once',
      state: 'not-tried',
      why: 'lgsp.tides.v1.report-level is a command: it is sent only with --commands, before a sandbox',
    });
  },
  checkMs,
);

it.concurrent.each(Object.entries(broken))(
  '%s has the one finding that it earns',
  async (file, { rule, subjects, came, options }) => {
    const { conforms, findings } = await check(file, options);
    expect(conforms).toBe(false);
    expect(findings.map((finding) => [finding.rule, finding.subject])).toEqual(subjects.map((it) => [rule, it]));
    expect(findings[0]!.came).toMatch(came);
    expect(findings[0]!.sent).not.toBe('');
    expect(findings[0]!.where).toMatch(/^docs\/protocol\.md#/);
  },
  checkMs,
);
