import { JobSeal } from '#lgsp/jobs';
import { procedureSubjects, type ProcedureView } from '#lgsp/procedures';
import { followedKey, openFollowed } from '#lgsp/progress';
import { civilRegistry } from '../../apps/civil-registry/civil-registry.connector';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { linkedProcedures } from '../../apps/linked-procedures/linked-procedures.connector';
import { ProcedureStore } from '../../apps/linked-procedures/process/procedure.store';
import type { DrillBus, DrillSet } from './drill.bus';
import { msOf } from './rules';

const system = 'civil-registry';
const dossier = 'H24.11-261101-0201';
const withinMs = 60_000;

/** A birth that goes through a linked procedure, and a registry that fails with it and then does not decide. */
export function registryDrills(drill: DrillBus): DrillSet {
  let handedIn: Promise<void> | undefined;
  return {
    always: {
      'LgspProcedureFailed: the registry fails with a birth again and again, and then takes it': () =>
        (handedIn = drillFailed(drill)),
    },
    others: {
      'LgspProcedureWaits, LgspFollowingFull, LgspFollowingOverdue, LgspErrorBudgetSlowBurn: the registry says nothing of the birth for weeks, and then does':
        async () => {
          await handedIn;
          await drillWaits(drill);
        },
    },
  };
}

const viewOf = async (drill: DrillBus): Promise<ProcedureView> =>
  (await drill.ask<ProcedureView[]>(procedureSubjects.show, { which: dossier }))[0]!;

async function drillFailed(drill: DrillBus): Promise<void> {
  const about = { within: '20m', labels: { step: 'register-birth', system: 'linked-procedures' } };
  await drill.order(system, { kind: 'error-500' });
  const { input } = linkedProcedures.operations.registerBirthWithCard.example;
  const begun = await drill.call('linked-procedures/register-birth-with-card', input, {
    'lgsp-dossier': dossier,
    'idempotency-key': 'drill-birth',
  });
  expect(begun?.status).toBe(200);
  await drill.fires('LgspProcedureFailed', about);
  await drill.mend(system);
  await drill.ask(procedureSubjects.resume, { id: (await viewOf(drill)).id, who: 'the operator of the drill' });
  await until(async () => (await viewOf(drill)).steps[0]!.state === 'done', withinMs);
  // From now on it does not say what becomes of the birth.
  await drill.order(system, { kind: 'error-500', path: 'LayKetQua' });
  await drill.ends('LgspProcedureFailed', about);
}

/** A drill does not wait for weeks: what is kept of the birth is made as old. Its courier follows one dossier at a time. */
async function drillWaits(drill: DrillBus): Promise<void> {
  const married = await drill.call(
    `${system}/register-marriage`,
    civilRegistry.operations.registerMarriage.example.input,
    {
      'lgsp-dossier': 'H24.11-261101-0202',
      'idempotency-key': 'drill-marriage',
    },
  );
  expect(married?.status).toBe(200);
  await ageProcedure(drill, msOf('6d'));
  await ageFollowed(drill, (await viewOf(drill)).steps[0]!.transactionId!, msOf('16d'));
  const { input } = civilRegistry.operations.getDossierStatus.example;
  const burn = { within: '2h', labels: { system, fault: 'upstream' } };
  const ask = () => drill.call(`${system}/get-dossier-status`, input);
  await drill.whilst(ask, 1_000, drill.fires('LgspErrorBudgetSlowBurn', burn));
  const waits = { within: '1h', labels: { step: 'await-birth', system: 'linked-procedures' } };
  const overdue = { within: '30m', labels: { system } };
  const full = { within: '30m', labels: { system } };
  await drill.fires('LgspProcedureWaits', waits);
  await drill.fires('LgspFollowingOverdue', overdue);
  await drill.fires('LgspFollowingFull', full);
  await drill.mend(system);
  await drill.ends('LgspProcedureWaits', waits);
  await drill.ends('LgspFollowingOverdue', overdue);
  await drill.ends('LgspFollowingFull', full);
  await drill.whilst(ask, 1_000, drill.ends('LgspErrorBudgetSlowBurn', burn));
}

async function ageProcedure(drill: DrillBus, ms: number): Promise<void> {
  const store = await ProcedureStore.open(await drill.bus.nats.connect('drill'), new JobSeal(drill.jobKey));
  const { id } = await viewOf(drill);
  // The process goes on with it meanwhile: whoever is slower tries again.
  await until(async () => {
    const { value, revision } = (await store.byId(id))!;
    const startedAt = Date.now() - ms;
    const steps = value.steps.map((step, nth) => (nth === value.at ? { ...step, startedAt } : step));
    return (await store.update({ ...value, steps }, revision)) !== undefined;
  }, withinMs);
}

async function ageFollowed(drill: DrillBus, transactionId: string, ms: number): Promise<void> {
  const followed = await openFollowed(await drill.bus.nats.connect('drill'));
  const key = followedKey({ system, transactionId });
  await until(async () => {
    const stored = await followed.get(key);
    if (!stored) return false; // The courier has not read of it yet.
    const aged = { ...stored.value, since: Date.now() - ms };
    return (await followed.update(key, aged, stored.revision)) !== undefined;
  }, withinMs);
}
