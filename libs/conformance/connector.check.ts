import type { ServiceProbe } from '#lgsp/bus';
import { checkDefaults, type CheckOptions, type CheckRun } from './check.run';
import { checkCallbacks } from './checks/callback.check';
import { checkDeadline } from './checks/deadline.check';
import { checkDescription, checkDiscovery } from './checks/discovery.check';
import { checkDrain } from './checks/drain.check';
import { checkIdempotency } from './checks/idempotency.check';
import { checkContext, checkInput } from './checks/input.check';
import { checkLog } from './checks/log.check';
import { checkAnswer, checkSchemas } from './checks/schema.check';
import { checkVersions } from './checks/versions.check';
import { Verdicts, type ConformanceReport } from './conformance.report';
import { conformanceRules, ruleIds } from './conformance.rules';
import { DescribedOperation, type ServiceInfo } from './described.operation';
import { OperationCalls } from './operation.calls';
import { isWithin, operationsOf, parseTarget, ServiceInquiry, type Target } from './service.inquiry';
import { schemasOf } from './versions/schema.record';

export type { CheckedProcess, CheckOptions } from './check.run';

/** How long one instance may take to answer a question of the services protocol, in milliseconds. */
const discoveryMs = 2_000;
/** Most instances and operations that are looked at. */
const instancesMax = 20;
const operationsMax = 200;

/** The target is no system, version or operation. */
export class WrongTarget extends Error {
  override readonly name = 'WrongTarget';
}

/**
 * Holds a connector against every rule of the protocol, over NATS alone. Commands are sent only when told so; the process is
 * stopped only when it is given.
 * @throws WrongTarget; BusError `bus-unavailable` when NATS goes away meanwhile
 */
export async function checkConnector(probe: ServiceProbe, given: CheckOptions): Promise<ConformanceReport> {
  const target = parseTarget(given.target);
  if (!target)
    throw new WrongTarget(`"${given.target}" is not a system, lgsp.<system>, or lgsp.<system>.v1.<operation>`);
  const run: CheckRun = { probe, verdicts: new Verdicts(), options: { ...checkDefaults, ...definedOf(given) } };
  const inquiry = new ServiceInquiry(probe, discoveryMs);
  const instances = (await inquiry.instancesOf(target, run.options.appearMs)).slice(0, instancesMax);
  const [info] = instances;
  if (!info) {
    const came = 'nobody describes an operation of it';
    run.verdicts.break('discovery.info', undefined, { sent: '$SRV.PING, $SRV.INFO', came, expected: given.target });
    return reportOf(run, target, [], 0);
  }
  const operations = operationsOf(info, target)
    .slice(0, operationsMax)
    .map(({ subject, metadata }) => new DescribedOperation(subject, metadata ?? {}));
  const progress = new Progress(instances.length + operations.length + (given.process ? 1 : 0), given.onProgress);
  for (const instance of instances) {
    await checkDiscovery(run, inquiry, instance);
    checkDescription(run, instance, target.system);
    progress.step();
  }
  checkVersions(run, schemasOf(operations), (subject) => isWithin(subject, target));
  const answered: OperationCalls[] = [];
  for (const operation of operations) {
    const calls = new OperationCalls(run, operation);
    if (await checkOperation(calls)) answered.push(calls);
    progress.step();
  }
  if (target.operation === undefined) await checkCallbacks(run, info, target.system);
  await checkProcess(run, answered, inquiry, info);
  progress.step();
  return reportOf(run, target, operations, instances.length);
}

/** @returns whether its example was sent and answered */
async function checkOperation(calls: OperationCalls): Promise<boolean> {
  const { run, operation } = calls;
  const isCommand = operation.kind === 'command';
  if (!checkSchemas(calls)) return false;
  if (isCommand && !run.options.commands) {
    const why = `${operation.subject} is a command: it is sent only with --commands, before a sandbox`;
    for (const rule of ruleIds) if (!/^(discovery|versions|callbacks)/.test(rule)) run.verdicts.skip(rule, why);
    return false;
  }
  if (!(await checkAnswer(calls))) return false;
  await checkInput(calls);
  await checkContext(calls);
  await checkDeadline(calls);
  if (isCommand) await checkIdempotency(calls);
  return true;
}

async function checkProcess(
  run: CheckRun,
  answered: readonly OperationCalls[],
  inquiry: ServiceInquiry,
  info: ServiceInfo,
): Promise<void> {
  const { process } = run.options;
  const processRules = ruleIds.filter((rule) => 'needs' in conformanceRules[rule] && needs(rule) === 'process');
  if (!process) {
    for (const rule of processRules) run.verdicts.skip(rule, 'the checker did not start its process (--start)');
    return;
  }
  const calls = answered.find(({ operation }) => operation.kind === 'query') ?? answered[0];
  if (calls) await checkDrain(calls, process, inquiry, info);
  else for (const rule of processRules) run.verdicts.skip(rule, 'no operation answers, so no call can be under way');
  if (process.log) {
    const operations = answered.map(({ operation }) => operation);
    checkLog(run, operations, process.log());
    if (operations.every(({ sensitivity }) => sensitivity === 'public'))
      run.verdicts.skip('log.personal', 'nothing of it is personal');
  } else run.verdicts.skip('log.personal', 'what the process writes cannot be read');
}

const needs = (rule: (typeof ruleIds)[number]): string | undefined => conformanceRules[rule].needs;

function reportOf(
  { verdicts, options }: CheckRun,
  { system }: Target,
  operations: readonly DescribedOperation[],
  instances: number,
): ConformanceReport {
  const findings = verdicts.findings();
  return {
    target: options.target,
    system: operations.length > 0 ? system : undefined,
    instances,
    operations: operations.map(({ subject }) => subject),
    conforms: findings.every(({ level }) => level === 'should'),
    rules: verdicts.rules(),
    findings,
    schemas: schemasOf(operations),
  };
}

class Progress {
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly told?: (done: number, total: number) => void,
  ) {}

  step(): void {
    this.told?.(Math.min(++this.done, this.total), this.total);
  }
}

/** Without what is undefined, so that a default stands. */
function definedOf<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
