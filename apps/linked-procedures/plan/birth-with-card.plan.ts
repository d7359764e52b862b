import type { BirthWithCard } from '../linked-procedures.messages';
import { findings, textOf, type Json, type ProcedurePlan, type StepReading } from './step.plan';

const registry = { system: 'civil-registry' } as const;
const insurance = { system: 'health-insurance' } as const;

/**
 * Birth registration and the health-insurance card of a child under 6: one dossier, two systems. The registry offers no way back,
 * so a birth that was registered stays so whatever becomes of the card; the card can be cancelled.
 */
export const birthWithCard: ProcedurePlan<BirthWithCard> = {
  procedure: 'register-birth-with-card',
  steps: [
    {
      ...registry,
      kind: 'command',
      step: 'register-birth',
      operation: 'register-birth',
      input: ({ given }) => given.birth,
      read: ({ state }) => ({ kind: 'done', state: textOf(state) }),
    },
    {
      ...registry,
      kind: 'question',
      step: 'await-birth',
      about: 'register-birth',
      operation: 'get-dossier-status',
      input: ({ dossier }) => ({ register: 'birth', dossier }),
      read: readBirth,
    },
    {
      ...insurance,
      kind: 'command',
      step: 'issue-card',
      operation: 'issue-child-card',
      input: ({ given: { birth, card }, found }) => ({
        interAgencyDossier: birth['interAgencyDossier'],
        child: {
          ...picked(birth['child'], ['fullName', 'sex', 'birthDate']),
          personalId: found['personalId'],
          registeredOn: found['registeredOn'],
        },
        guardian: card.guardian ?? picked(birth['requester'], ['fullName', 'identityNumber', 'relation', 'phone']),
        address: card.address,
        clinicCode: card.clinicCode,
      }),
      read: ({ reference, state }) => ({
        kind: 'done',
        found: findings({ cardReference: reference }),
        state: textOf(state),
      }),
      undo: {
        ...insurance,
        operation: 'cancel-card',
        input: ({ cardReference }, reason) => ({ reference: cardReference, reason }),
      },
    },
    {
      ...insurance,
      kind: 'question',
      step: 'await-card',
      about: 'issue-card',
      operation: 'get-card-status',
      input: ({ found }) => ({ reference: found['cardReference'] }),
      read: readCard,
    },
  ],
};

/** The card needs the number, which is sometimes given later than the registration is completed. */
function readBirth({ state, personalId, registeredOn, interAgencyDossier }: Json): StepReading {
  const said = textOf(state) ?? 'unknown';
  if (said === 'refused') return { kind: 'refused', state: said };
  if (said !== 'completed') return { kind: 'pending', state: said };
  if (textOf(personalId) === undefined) return { kind: 'pending', state: 'completed-without-personal-id' };
  return {
    kind: 'done',
    state: said,
    found: findings({ personalId, registeredOn, linkedDossier: interAgencyDossier }),
  };
}

function readCard({ state, cardNumber, insuranceNumber, validFrom, validTo }: Json): StepReading {
  const said = textOf(state) ?? 'unknown';
  if (said === 'refused' || said === 'cancelled') return { kind: 'refused', state: said };
  if (said !== 'issued') return { kind: 'pending', state: said };
  const found = { cardNumber, insuranceNumber, cardValidFrom: validFrom, cardValidTo: validTo };
  return { kind: 'done', state: said, found: findings(found) };
}

function picked(value: unknown, names: readonly string[]): Json {
  const object = typeof value === 'object' && value !== null ? (value as Json) : {};
  return Object.fromEntries(names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]));
}
