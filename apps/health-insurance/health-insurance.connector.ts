import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { commandReference, defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import { todayInVietnam } from '#lgsp/vietnam';
import { isYoungerThan, tooOld } from './child.age';
import { HealthInsuranceConfig } from './health-insurance.config';
import * as examples from './health-insurance.examples';
import * as messages from './health-insurance.messages';
import { HealthInsuranceUpstream } from './health-insurance.upstream';

const command = {
  kind: 'command',
  output: messages.CardReceipt,
  requires: ['dossier', 'officer', 'agency'],
  timeoutMs: 30_000,
  sensitivity: 'personal',
} as const;
const query = { kind: 'query', timeoutMs: 15_000, sensitivity: 'personal' } as const;
/** Of people who are no party of the dossier as well. */
const lookUp = { ...query, requires: ['officer', 'dossier'] } as const;

export const healthInsurance = defineConnector({
  name: 'health-insurance',
  version: '1.0.0',
  owner: 'Bảo hiểm xã hội thành phố Hải Phòng',
  summary: { en: 'Social and health insurance', vi: 'Bảo hiểm xã hội, bảo hiểm y tế' },
  operations: {
    lookUpInsuranceNumber: operation({
      ...lookUp,
      summary: { en: 'Finds the insurance number of a person', vi: 'Tra mã số bảo hiểm xã hội theo tiêu chí' },
      input: messages.InsuredPersonQuestion,
      output: messages.InsuredPeople,
      example: examples.numberExample,
    }),
    lookUpHousehold: operation({
      ...lookUp,
      summary: { en: 'Gives a household, by a member or by its code', vi: 'Tra thông tin hộ gia đình tham gia BHYT' },
      input: messages.HouseholdQuestion,
      output: messages.Household,
      example: examples.householdExample,
    }),
    issueChildCard: operation({
      ...command,
      summary: { en: 'Asks for the health card of a child under 6', vi: 'Cấp thẻ BHYT cho trẻ em dưới 6 tuổi' },
      input: messages.ChildCardRequest,
      idempotency: 'Key, client and dossier are hashed into the reference, which is asked for before it is sent again',
      example: examples.cardExample,
    }),
    cancelCard: operation({
      ...command,
      summary: { en: 'Takes a card, or the request for it, back', vi: 'Hủy hồ sơ hoặc thẻ bảo hiểm y tế đã cấp' },
      input: messages.CardCancellation,
      idempotency: 'Repeatable by nature: a card that is cancelled already is cancelled',
      example: examples.cancelExample,
    }),
    getCardStatus: operation({
      ...query,
      summary: { en: 'Says where the request for a card stands, with its number', vi: 'Tra trạng thái và số thẻ BHYT' },
      input: messages.CardQuestion,
      output: messages.CardStatus,
      example: examples.statusExample,
    }),
  },
});

@Injectable()
export class HealthInsuranceAdapter implements AdapterOf<typeof healthInsurance> {
  constructor(
    private readonly upstream: HealthInsuranceUpstream,
    private readonly config: HealthInsuranceConfig,
  ) {}

  async lookUpInsuranceNumber(input: messages.InsuredPersonQuestion, call: Call): Promise<messages.InsuredPeople> {
    return { people: await this.upstream.people(input, call) };
  }

  async lookUpHousehold(input: messages.HouseholdQuestion, call: Call): Promise<messages.Household> {
    const found = await this.upstream.household(input, call);
    if (!found) throw new BusError('not-found');
    return found;
  }

  issueChildCard(input: messages.ChildCardRequest, call: Call): Promise<messages.CardReceipt> {
    const { childMonths } = this.config;
    if (!isYoungerThan(childMonths, input.child.birthDate, todayInVietnam(new Date())))
      throw tooOld(childMonths, call.language);
    return this.upstream.request(input, call);
  }

  async issueChildCardOutcome(_input: unknown, call: Call): Promise<messages.CardReceipt | undefined> {
    return receiptOf(await this.upstream.status(commandReference(call), call));
  }

  async cancelCard(input: messages.CardCancellation, call: Call): Promise<messages.CardReceipt> {
    if (!(await this.upstream.cancel(input, call))) throw new BusError('not-found');
    return { reference: input.reference, state: 'cancelled' };
  }

  /** The key alone does not name the card; without it nothing can be said, least of all that nothing happened. */
  async cancelCardOutcome(input: messages.CardCancellation | undefined, call: Call) {
    if (!input) throw new BusError('outcome-unknown', { detail: repeatIt });
    const found = await this.upstream.status(input.reference, call);
    return found?.state === 'cancelled' ? receiptOf(found) : undefined;
  }

  async getCardStatus({ reference }: messages.CardQuestion, call: Call): Promise<messages.CardStatus> {
    const found = await this.upstream.status(reference, call);
    if (!found) throw new BusError('not-found');
    return found;
  }
}

const receiptOf = (found: messages.CardStatus | undefined): messages.CardReceipt | undefined =>
  found && { reference: found.reference, state: found.state };

const repeatIt = {
  en: 'the reference is needed; repeating the cancellation is safe',
  vi: 'cần mã yêu cầu; gửi lại lệnh hủy là an toàn',
};
