import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import { changesExample, enterpriseExample, registrationExample } from './business-registration.examples';
import {
  ChangesQuestion,
  DossierChanges,
  Enterprise,
  EnterpriseQuestion,
  RegistrationQuestion,
  RegistrationStatus,
} from './business-registration.messages';
import { BusinessRegistrationUpstream } from './business-registration.upstream';

export const businessRegistration = defineConnector({
  name: 'business-registration',
  version: '1.0.0',
  owner: 'Sở Tài chính thành phố Hải Phòng',
  summary: { en: 'National business registry', vi: 'Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp' },
  operations: {
    getEnterprise: operation({
      kind: 'query',
      summary: { en: 'Gives the record of one enterprise', vi: 'Tra cứu thông tin một doanh nghiệp' },
      input: EnterpriseQuestion,
      output: Enterprise,
      timeoutMs: 10_000,
      sensitivity: 'personal',
      example: enterpriseExample,
    }),
    getRegistrationStatus: operation({
      kind: 'query',
      summary: { en: 'Says where a registration dossier stands', vi: 'Tra tình trạng một hồ sơ đăng ký doanh nghiệp' },
      input: RegistrationQuestion,
      output: RegistrationStatus,
      timeoutMs: 10_000,
      sensitivity: 'personal',
      example: registrationExample,
    }),
    listChangedDossiers: operation({
      kind: 'query',
      summary: {
        en: 'Lists the dossiers that were received in a period of any length up to a quarter, or processed today',
        vi: 'Danh sách hồ sơ tiếp nhận trong khoảng thời gian đến một quý, hoặc xử lý trong ngày',
      },
      input: ChangesQuestion,
      output: DossierChanges,
      timeoutMs: 60_000,
      sensitivity: 'personal',
      example: changesExample,
    }),
  },
});

@Injectable()
export class BusinessRegistrationAdapter implements AdapterOf<typeof businessRegistration> {
  constructor(private readonly upstream: BusinessRegistrationUpstream) {}

  async getEnterprise({ code }: EnterpriseQuestion, call: Call): Promise<Enterprise> {
    return (await this.upstream.enterprise(code, call)) ?? notFound();
  }

  async getRegistrationStatus({ number }: RegistrationQuestion, call: Call): Promise<RegistrationStatus> {
    return (await this.upstream.registration(number, call)) ?? notFound();
  }

  listChangedDossiers(input: ChangesQuestion, call: Call): Promise<DossierChanges> {
    return this.upstream.changes(input, call);
  }
}

function notFound(): never {
  throw new BusError('not-found');
}
