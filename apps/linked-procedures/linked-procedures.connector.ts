import { Injectable } from '@nestjs/common';
import { defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import { LinkedProcedures } from './intake/linked.procedures';
import { beginExample, statusExample } from './linked-procedures.examples';
import { BirthWithCard, ProcedureAnswer, ProcedureQuestion, ProcedureReceipt } from './linked-procedures.messages';

/** The outside system of this connector is the bus itself. */
export const linkedProcedures = defineConnector({
  name: 'linked-procedures',
  version: '1.0.0',
  owner: 'Văn phòng Ủy ban nhân dân thành phố Hải Phòng',
  summary: { en: 'Linked procedures', vi: 'Thủ tục hành chính liên thông' },
  operations: {
    registerBirthWithCard: operation({
      kind: 'command',
      summary: {
        en: 'Begins birth registration and health-insurance card of a child under 6, as one procedure',
        vi: 'Liên thông đăng ký khai sinh và cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi',
      },
      input: BirthWithCard,
      output: ProcedureReceipt,
      requires: ['officer', 'dossier', 'agency'],
      timeoutMs: 10_000,
      sensitivity: 'personal',
      idempotency:
        'A client has one linked procedure for a dossier: asked for again, under whatever key, it is the same one',
      example: beginExample,
    }),
    getProcedure: operation({
      kind: 'query',
      summary: {
        en: 'Says where the linked procedure of a dossier stands, step by step',
        vi: 'Tra cứu thủ tục liên thông của hồ sơ, theo từng bước',
      },
      input: ProcedureQuestion,
      output: ProcedureAnswer,
      timeoutMs: 10_000,
      sensitivity: 'personal',
      example: statusExample,
    }),
  },
});

@Injectable()
export class LinkedProceduresAdapter implements AdapterOf<typeof linkedProcedures> {
  constructor(private readonly procedures: LinkedProcedures) {}

  registerBirthWithCard(input: BirthWithCard, call: Call): Promise<ProcedureReceipt> {
    return this.procedures.begin(input, call);
  }

  registerBirthWithCardOutcome(_input: unknown, call: Call): Promise<ProcedureReceipt | undefined> {
    return this.procedures.begunBy(call);
  }

  async getProcedure({ dossier }: ProcedureQuestion, call: Call): Promise<ProcedureAnswer> {
    return { procedure: await this.procedures.find(dossier, call) };
  }
}
