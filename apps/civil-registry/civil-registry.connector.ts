import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import { dossierTerms, type FollowedCommand } from '#lgsp/progress';
import * as examples from './civil-registry.examples';
import * as messages from './civil-registry.messages';
import { CivilRegistryUpstream, dossierOf } from './civil-registry.upstream';

/** What all four commands share. */
const command = {
  kind: 'command',
  idempotency: 'the dossier code is the registry’s key of the dossier, and is asked for before anything is sent again',
  output: messages.DossierReceipt,
  requires: ['officer', 'dossier', 'agency'],
  timeoutMs: 30_000,
  sensitivity: 'personal',
  follow: { ...dossierTerms, batchMax: 3 },
} as const;

export const civilRegistry = defineConnector({
  name: 'civil-registry',
  version: '1.0.0',
  owner: 'Sở Tư pháp thành phố Hải Phòng',
  summary: { en: 'Civil registry', vi: 'Hộ tịch điện tử' },
  operations: {
    registerBirth: operation({
      ...command,
      summary: { en: 'Hands in a birth registration', vi: 'Gửi hồ sơ đăng ký khai sinh' },
      input: messages.BirthRegistration,
      example: examples.birth,
    }),
    registerMarriage: operation({
      ...command,
      summary: { en: 'Hands in a marriage registration', vi: 'Gửi hồ sơ đăng ký kết hôn' },
      input: messages.MarriageRegistration,
      example: examples.marriage,
    }),
    registerDeath: operation({
      ...command,
      summary: { en: 'Hands in a death registration', vi: 'Gửi hồ sơ đăng ký khai tử' },
      input: messages.DeathRegistration,
      example: examples.death,
    }),
    requestMaritalStatusCertificate: operation({
      ...command,
      follow: dossierTerms,
      summary: { en: 'Asks for a marital-status certificate', vi: 'Gửi hồ sơ cấp giấy xác nhận tình trạng hôn nhân' },
      input: messages.MaritalStatusRequest,
      example: examples.maritalStatus,
    }),
    getDossierStatus: operation({
      kind: 'query',
      summary: { en: 'Says where a dossier stands, with its result', vi: 'Tra trạng thái và kết quả hồ sơ hộ tịch' },
      input: messages.DossierQuestion,
      output: messages.DossierStatus,
      timeoutMs: 15_000,
      sensitivity: 'personal',
      example: examples.status,
    }),
    getCatalogue: operation({
      kind: 'query',
      summary: { en: 'Gives a catalogue of codes of the registry', vi: 'Lấy danh mục dùng chung của hộ tịch' },
      input: messages.CatalogueQuestion,
      output: messages.Catalogue,
      timeoutMs: 15_000,
      sensitivity: 'public',
      example: examples.catalogue,
    }),
  },
});

@Injectable()
export class CivilRegistryAdapter implements AdapterOf<typeof civilRegistry> {
  constructor(private readonly upstream: CivilRegistryUpstream) {}

  registerBirth = (input: messages.BirthRegistration, call: Call) => this.submit('birth', input, call);
  registerMarriage = (input: messages.MarriageRegistration, call: Call) => this.submit('marriage', input, call);
  registerDeath = (input: messages.DeathRegistration, call: Call) => this.submit('death', input, call);
  requestMaritalStatusCertificate = (input: messages.MaritalStatusRequest, call: Call) =>
    this.submit('marital-status', input, call);

  registerBirthOutcome = (_input: unknown, call: Call) => this.receipt('birth', call);
  registerMarriageOutcome = (_input: unknown, call: Call) => this.receipt('marriage', call);
  registerDeathOutcome = (_input: unknown, call: Call) => this.receipt('death', call);
  requestMaritalStatusCertificateOutcome = (_input: unknown, call: Call) => this.receipt('marital-status', call);

  registerBirthProgress = this.progressOf('birth');
  registerMarriageProgress = this.progressOf('marriage');
  registerDeathProgress = this.progressOf('death');
  requestMaritalStatusCertificateProgress = this.progressOf('marital-status');

  async getDossierStatus({ register, dossier }: messages.DossierQuestion, call: Call): Promise<messages.DossierStatus> {
    const found = await this.upstream.find(register, dossier, call);
    if (!found) throw new BusError('not-found');
    call.linkedDossier = found.interAgencyDossier;
    return found;
  }

  async getCatalogue({ catalogue }: messages.CatalogueQuestion, call: Call): Promise<messages.Catalogue> {
    return { catalogue, items: await this.upstream.catalogue(catalogue, call) };
  }

  private progressOf(register: messages.Register) {
    return (commands: FollowedCommand[], call: Call) => this.upstream.progress(register, commands, call);
  }

  private async submit(
    register: messages.Register,
    input: messages.RegistryDossier,
    call: Call,
  ): Promise<messages.DossierReceipt> {
    await this.upstream.submit(register, input, call);
    return { dossier: dossierOf(call), state: 'waiting' };
  }

  private async receipt(register: messages.Register, call: Call): Promise<messages.DossierReceipt | undefined> {
    const found = await this.upstream.find(register, dossierOf(call), call);
    return found && { dossier: found.dossier, state: found.state };
  }
}
