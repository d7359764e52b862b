import { describeConnector } from '#lgsp/kit/testing';
import { Population } from '../sandbox/people/population';
import { populationStandIn } from '../sandbox/population/population.stand-in';
import { startStandIn } from '../sandbox/start.stand-in';
import { PopulationConfig } from './population.config';
import { population, PopulationAdapter } from './population.connector';
import { PopulationUpstream } from './population.upstream';

describeConnector(
  { definition: population, adapter: PopulationAdapter, providers: [PopulationUpstream], config: PopulationConfig },
  {
    standIn: () => startStandIn(populationStandIn),
    peculiarities: (harness) => {
      const { input } = population.operations.verifyCitizen.example;

      it('says no, not "not found", when the name does not belong to the number', async () => {
        const { output } = await harness().call('verifyCitizen', { ...input, fullName: 'Trần Văn Khác' });
        expect(output).toEqual({ verified: false });
      });

      it('answers not-found when nobody has this number', async () => {
        const { code } = await harness().call('lookUpCitizen', { ...input, identityNumber: '031190999999' });
        expect(code).toBe('not-found');
      });

      it('takes the old number of nine digits and a birth date of which only the year is known', async () => {
        const { output } = await harness().call('lookUpCitizen', {
          ...input,
          identityNumber: '031900016',
          birthDate: '1990',
        });
        expect(output).toMatchObject({ personalId: '031190000016' });
      });

      it('tells the parents where the database has them', async () => {
        const person = new Population(31, 500).people.find(({ father, mother }) => father && mother)!;
        const { personalId: identityNumber, fullName, birthDate } = person;
        const { output } = await harness().call('lookUpCitizen', { identityNumber, fullName, birthDate });
        expect(output).toMatchObject({
          father: { identityNumber: person.father },
          mother: { identityNumber: person.mother },
        });
      });

      it('is refused, and says that its credentials are at fault', async () => {
        await harness().standIn.setFault({ kind: 'expired-token' });
        const { code, problem } = await harness().call('verifyCitizen', input);
        expect({ code, upstream: problem?.upstream?.code }).toEqual({ code: 'upstream-fault', upstream: 'HTTP 401' });
      });
    },
  },
);
