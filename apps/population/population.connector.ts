import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import { Citizen, CitizenQuestion, CitizenVerification } from './population.messages';
import { PopulationUpstream } from './population.upstream';

const example = { identityNumber: '031190000016', fullName: 'Nguyễn Thị Mẫu', birthDate: '1990-02-14' };

export const population = defineConnector({
  name: 'population',
  version: '1.0.0',
  owner: 'Công an thành phố Hải Phòng',
  summary: { en: 'National population database', vi: 'Cơ sở dữ liệu quốc gia về dân cư' },
  operations: {
    verifyCitizen: operation({
      kind: 'query',
      summary: {
        en: 'Says whether a number, a name and a birth date belong together; prefer it, it reveals least',
        vi: 'Xác thực số định danh, họ tên và ngày sinh có khớp nhau hay không',
      },
      input: CitizenQuestion,
      output: CitizenVerification,
      requires: ['officer', 'dossier'],
      timeoutMs: 10_000,
      sensitivity: 'personal',
      example: { input: example, output: { verified: true } },
    }),
    lookUpCitizen: operation({
      kind: 'query',
      summary: { en: 'Gives the record of one citizen', vi: 'Tra cứu thông tin một công dân' },
      input: CitizenQuestion,
      output: Citizen,
      requires: ['officer', 'dossier'],
      timeoutMs: 10_000,
      sensitivity: 'personal',
      example: {
        input: example,
        output: {
          personalId: '031190000016',
          oldIdentityNumber: '031900016',
          name: { family: 'Nguyễn', middle: 'Thị', given: 'Mẫu' },
          fullName: 'Nguyễn Thị Mẫu',
          birthDate: '1990-02-14',
          sex: 'female',
          asOf: '2026-01-01T00:00:00+07:00',
        },
        varies: ['asOf'],
      },
    }),
  },
});

@Injectable()
export class PopulationAdapter implements AdapterOf<typeof population> {
  constructor(private readonly upstream: PopulationUpstream) {}

  async verifyCitizen(input: CitizenQuestion, call: Call): Promise<CitizenVerification> {
    return { verified: await this.upstream.exists(input, call) };
  }

  async lookUpCitizen(input: CitizenQuestion, call: Call): Promise<Citizen> {
    const citizen = await this.upstream.find(input, call);
    if (!citizen) throw new BusError('not-found');
    return citizen;
  }
}
