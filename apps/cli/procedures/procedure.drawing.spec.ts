import type { ProcedureView } from '#lgsp/procedures';
import { drawProcedure, drawProcedures } from './procedure.drawing';

const at = Date.parse('2026-11-30T09:00:00+07:00');
const done = { state: 'done', attempts: 1, round: 1, startedAt: at, endedAt: at } as const;
const failed: ProcedureView = {
  id: '019ac0de-7c1a-7b5e-8f0a-2b1c3d4e5f60',
  procedure: 'register-birth-with-card',
  client: 'one-stop',
  dossier: 'H24.11-261101-0001',
  linkedDossier: 'G22.01.05-261120-000016',
  state: 'failed',
  acceptedAt: at,
  changedAt: at,
  steps: [
    { ...done, step: 'register-birth', system: 'civil-registry', operation: 'register-birth' },
    {
      step: 'issue-card',
      system: 'health-insurance',
      operation: 'issue-child-card',
      state: 'failed',
      attempts: 3,
      round: 1,
      uncertain: true,
      code: 'upstream-timeout',
      reason: 'attempts-used-up',
    },
  ],
};

it('a list says at which step each is', () => {
  expect(drawProcedures([])).toBe('there are no linked procedures');
  const [, , line] = drawProcedures([failed]).split('\n');
  expect(line!.split(/ {2,}/).slice(1, 7)).toEqual([
    'register-birth-with-card',
    'one-stop',
    'H24.11-261101-0001',
    'G22.01.05-261120-000016',
    'failed',
    'issue-card',
  ]);
});

it('one is drawn step by step, with what was last met', () => {
  const text = drawProcedure(failed);
  expect(text).toContain('other dossier  G22.01.05-261120-000016');
  expect(text).toMatch(/register-birth +done +1 +2026-11-30 09:00:00/);
  expect(text).toMatch(/issue-card +failed, uncertain +3 .*upstream-timeout attempts-used-up/);
});
