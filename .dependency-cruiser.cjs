/** The arrows of the house: each rule with its reason. */
const libs = (names) => `^libs/(${names})/`;
const notTesting = { pathNot: '(\\.spec\\.ts$|/testing/|^test/)' };

/** Connectors that know nothing of this repository, each started by a test as a process of its own. */
const foreign = ['^apps/gateway/testing/foreign\\.connector\\.js$', '^test/conformance/broken/'];

/** Libraries in their order: each may import only those before it, and `vietnam` only `errors`. */
const order = [
  ['errors', ''],
  ['vietnam', 'errors'],
  ['config', 'errors'],
  ['records', 'errors'],
  ['telemetry', 'errors|config'],
  ['bus', 'errors|config|telemetry'],
  ['clients', 'errors|config|telemetry|bus'],
  ['procedures', 'errors'],
  ['events', 'errors|bus'],
  ['progress', 'errors|bus'],
  ['recorder', 'errors|config|telemetry|bus|records'],
  ['dispatch', 'errors|config|telemetry|bus|records|clients|recorder'],
  ['jobs', 'errors|telemetry|bus|records|clients|recorder|dispatch'],
  ['conformance', 'errors|config|telemetry|bus|vietnam|progress'],
  ['kit', 'errors|config|telemetry|bus|vietnam|progress'],
];

module.exports = {
  forbidden: [
    ...order.map(([name, before]) => ({
      name: `${name}-looks-back`,
      comment: 'because libraries stand on each other in one order: what is below knows nothing of what is above',
      severity: 'error',
      from: { path: libs(name), ...notTesting },
      to: { path: '^(apps|libs|test)/', pathNot: libs([name, before].filter(Boolean).join('|')) },
    })),
    {
      name: 'no-app-imports-an-app',
      comment: 'because a room that reaches into another cannot be changed, started or removed alone',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', ...notTesting },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'tests-of-an-app-use-only-the-sandbox',
      comment: 'because a connector is tried against its stand-in, and needs no other app for it',
      severity: 'error',
      from: { path: '^apps/([^/]+)/.*(\\.spec\\.ts$|/testing/)' },
      to: { path: '^apps/', pathNot: '^apps/($1|sandbox)/' },
    },
    {
      name: 'one-door-to-nats',
      comment: 'because the client library will be replaced one day, and then one folder changes',
      severity: 'error',
      from: { path: '^(apps|libs|test)/', pathNot: ['^libs/bus/', '^test/bench/', ...foreign] },
      to: { path: 'node_modules/nats/' },
    },
    {
      name: 'only-the-gateway-knows-redis',
      comment: 'because limits are the door’s affair',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^apps/gateway/' },
      to: { path: 'node_modules/ioredis/' },
    },
    {
      name: 'no-testing-code-in-production',
      comment: 'because the build leaves it out: what imports it does not start',
      severity: 'error',
      from: { path: '^(apps|libs)/', ...notTesting },
      to: { path: '(/testing/|\\.spec\\.ts$|^test/)' },
    },
    {
      name: 'unit-tests-need-no-server',
      comment: 'because `npm run check` runs them, on a machine that may have none',
      severity: 'error',
      from: { path: '^libs/(errors|config|telemetry|vietnam|kit|conformance)/.*\\.spec\\.ts$' },
      to: { path: '^(libs/bus/testing/|test/e2e/|apps/)' },
    },
    {
      name: 'no-circle',
      comment: 'because files that need each other are one file, or one of them is in the wrong place',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan',
      comment: 'because a file that nobody imports and nobody starts is a leftover',
      severity: 'error',
      from: { orphan: true, pathNot: ['/main\\.ts$', '\\.spec\\.ts$', '^test/bench/', ...foreign] },
      to: {},
    },
    {
      name: 'nothing-unresolved',
      comment: 'because an import that is not found fails when it is needed',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^test/bench/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['types', 'node', 'require', 'default'], exportsFields: ['exports'] },
  },
};
