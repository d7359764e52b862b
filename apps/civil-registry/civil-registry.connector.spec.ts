import { ConnectorHarness, describeConnector } from '#lgsp/kit/testing';
import { civilRegistryStandIn } from '../sandbox/civil-registry/civil-registry.stand-in';
import { Population } from '../sandbox/people/population';
import { SandboxClock } from '../sandbox/sandbox.clock';
import { startStandIn } from '../sandbox/start.stand-in';
import { CivilRegistryConfig } from './civil-registry.config';
import { civilRegistry, CivilRegistryAdapter } from './civil-registry.connector';
import { CivilRegistryUpstream } from './civil-registry.upstream';

const clock = new SandboxClock(1_000);
const parts = {
  definition: civilRegistry,
  adapter: CivilRegistryAdapter,
  providers: [CivilRegistryUpstream],
  config: CivilRegistryConfig,
};
const { registerBirth, requestMaritalStatusCertificate } = civilRegistry.operations;

describeConnector(parts, {
  // A catalogue that is kept would hide the faults that are tried here.
  settings: { LGSP_CIVIL_REGISTRY_CATALOGUE_MS: '0' },
  standIn: () => startStandIn(civilRegistryStandIn, { clock, people: new Population(31, 100) }),
  peculiarities: (harness) => {
    const dossierOf = (serial: number): string => `H24.11-261103-${String(serial).padStart(4, '0')}`;
    const headersOf = (dossier: string): Record<string, string> => ({ 'Lgsp-Dossier': dossier });
    const birth = registerBirth.example.input;

    it('follows a birth through its states to the personal id and the certificate', async () => {
      const dossier = dossierOf(1);
      const ask = async () => (await harness().call('getDossierStatus', { register: 'birth', dossier })).output;
      await harness().call('registerBirth', birth, { headers: headersOf(dossier) });
      expect(await ask()).toMatchObject({
        state: 'waiting',
        interAgencyDossier: birth.interAgencyDossier,
        documents: [],
      });
      clock.advance(1_100);
      expect(await ask()).toMatchObject({ state: 'processing' });
      clock.advance(1_000);
      expect(await ask()).toMatchObject({
        state: 'completed',
        personalId: expect.stringMatching(/^031226\d{6}$/),
        registeredOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        updatedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+07:00$/),
        documents: [{ mediaType: 'application/pdf' }],
      });
    });

    it.each([
      ['Trần Minh Thiếu', 'needs-supplement'],
      ['Trần Minh Sai', 'refused'],
    ])('a child named %s ends %s', async (fullName, state) => {
      const dossier = dossierOf(fullName.length);
      await harness().call(
        'registerBirth',
        { ...birth, child: { ...birth.child, fullName } },
        { headers: headersOf(dossier) },
      );
      clock.advance(2_100);
      const { output } = await harness().call('getDossierStatus', { register: 'birth', dossier });
      expect(output).toMatchObject({ state });
    });

    it('reads the states of the older API in its own sense: 3 is eligible', async () => {
      const dossier = dossierOf(30);
      const input = requestMaritalStatusCertificate.example.input;
      await harness().call('requestMaritalStatusCertificate', input, { headers: headersOf(dossier) });
      clock.advance(1_100);
      const { output } = await harness().call('getDossierStatus', { register: 'marital-status', dossier });
      expect(output).toMatchObject({ state: 'eligible' });
    });

    it.each(['birth', 'marital-status'])(
      'answers not-found for a dossier that the %s register has not',
      async (register) => {
        const { code } = await harness().call('getDossierStatus', { register, dossier: dossierOf(999) });
        expect(code).toBe('not-found');
      },
    );

    it('makes field errors of the registry’s one text, by the paths of the bus', async () => {
      const input = {
        ...birth,
        child: { ...birth.child, ethnicGroup: '99' },
        mother: { ...birth.mother, nationality: 'XX' },
      };
      const { code, problem, attempts } = await harness().call('registerBirth', input);
      expect({ code, attempts, errors: problem?.errors }).toEqual({
        code: 'upstream-rejected',
        attempts: 1,
        errors: [
          {
            path: '/child/ethnicGroup',
            rule: 'upstream-field',
            message: 'was refused by the outside system: not in the catalogue',
          },
          {
            path: '/mother/nationality',
            rule: 'upstream-field',
            message: 'was refused by the outside system: not in the catalogue',
          },
        ],
      });
    });

    it('the same in the older API, whose faults come with a code', async () => {
      const example = requestMaritalStatusCertificate.example.input;
      const input = { ...example, person: { ...example.person, ethnicGroup: '99' } };
      const { code, problem } = await harness().call('requestMaritalStatusCertificate', input);
      expect({ code, upstream: problem?.upstream?.code, path: problem?.errors?.[0]?.path }).toEqual({
        code: 'upstream-rejected',
        upstream: '500',
        path: '/person/ethnicGroup',
      });
    });

    it('gets a new token when its own is refused, and acts once', async () => {
      await harness().call('getCatalogue', { catalogue: 'provinces' });
      await harness().standIn.setFault({ kind: 'expired-token' });
      const before = harness().effectCount();
      const { code, attempts } = await harness().call('registerBirth', birth, { headers: headersOf(dossierOf(40)) });
      expect({ code, attempts, effects: harness().effectCount() - before }).toEqual({
        code: 'ok',
        attempts: 2,
        effects: 1,
      });
    });
  },
});

it('keeps a catalogue for a while, and asks again afterwards', async () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(civilRegistryStandIn));
  await harness.start({ LGSP_CIVIL_REGISTRY_CATALOGUE_MS: '300' });
  const ask = () => harness.call('getCatalogue', { catalogue: 'countries' });
  const { output } = await ask();
  expect(output).toMatchObject({ items: expect.arrayContaining([{ code: 'VN', name: 'Việt Nam' }]) });
  const before = harness.standIn.requests;
  await ask();
  expect(harness.standIn.requests).toBe(before);
  await new Promise((resolve) => setTimeout(resolve, 350));
  await ask();
  expect(harness.standIn.requests).toBe(before + 1);
  await harness.stop();
});

it('refuses an agency whose unit the registry has no code for', async () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(civilRegistryStandIn));
  await harness.start({ LGSP_CIVIL_REGISTRY_DEFAULT_UNIT: '', LGSP_CIVIL_REGISTRY_UNITS: '{"H24.12":11359}' });
  const { input } = registerBirth.example;
  const { code, problem } = await harness.call('registerBirth', input);
  expect({ code, path: problem?.errors?.[0]?.path }).toEqual({ code: 'missing-context', path: 'Lgsp-Agency' });
  const known = await harness.call('registerBirth', input, { headers: { 'Lgsp-Agency': 'H24.12' } });
  expect(known.code).toBe('ok');
  await harness.stop();
});
