import { Desk, today, type Counter, type SandboxPerson } from './desk';
import type { Play } from './demo.run';
import { budgetCode, dissolvedUnit, enterprise, registrations, unknownEnterprise } from './enterprise.visits';
import { childCard, insuranceNumber } from './insurance.visits';
import { landDossier, mistypedParcel, parcelQuestion } from './land.visits';
import { portalDossier, procedureList } from './portal.visits';

const procedures = {
  birth: '1.001193',
  marriage: '1.000894',
  death: '1.000656',
  maritalStatus: '1.004873',
  extract: '2.000635',
  judicialRecord: '3.000333',
};

/**
 * A realistic working day of several wards: mostly look-ups, then births, certificates, payments, postal orders, land and the
 * national portal, with the mistakes that happen at counters. @param people the sandbox's, @param size how many visits
 */
export function* workingDay(people: readonly SandboxPerson[], size: number): Generator<Play> {
  const total = visits.reduce((sum, [weight]) => sum + weight, 0);
  for (let visit = 0; visit < size; visit++) {
    let point = Math.random() * total;
    const [, counter] = visits.find(([weight]) => (point -= weight) < 0) ?? visits[0]!;
    yield counter(new Desk(people, visit));
  }
}

const identityOf = ({ personalId, fullName, birthDate }: SandboxPerson): object => ({
  identityNumber: personalId,
  fullName,
  birthDate,
});

const verify: Counter = (desk) => ({ first: desk.query('population.verify-citizen', identityOf(desk.citizen)) });

const lookUp: Counter = (desk) => ({ first: desk.query('population.look-up-citizen', identityOf(desk.citizen)) });

/** The number on the form belongs to nobody. */
const mistypedNumber: Counter = (desk) => ({
  first: desk.query('population.look-up-citizen', { ...identityOf(desk.citizen), identityNumber: '031190999999' }),
});

/** The birth date was written the other way round. */
const mistypedDate: Counter = (desk) => ({
  first: desk.query('population.verify-citizen', { ...identityOf(desk.citizen), birthDate: '14/02/1990' }),
});

const judicialRecord: Counter = (desk) => {
  const { fullName, sex, birthDate, personalId, phone, address } = desk.citizen;
  return {
    first: desk.command('judicial-records.request-certificate', procedures.judicialRecord, {
      requestedBy: 'person',
      form: 'number-1',
      copies: 1,
      purpose: 'Bổ sung hồ sơ xin việc làm',
      receivedOn: today(),
      applicant: {
        fullName,
        sex,
        birthDate,
        document: { type: 'citizen-card', number: personalId },
        phone,
        permanentAddress: { text: address },
      },
    }),
    next: ({ operation }) =>
      operation.endsWith('request-certificate')
        ? desk.query('judicial-records.get-certificate-status', { dossier: desk.dossierCode })
        : undefined,
  };
};

const payment: Counter = (desk) => {
  const { fullName, personalId, address, ward } = desk.citizen;
  return {
    first: desk.command('payment.create-payment', procedures.extract, {
      procedureName: 'Cấp bản sao trích lục hộ tịch',
      agencyName: `Ủy ban nhân dân ${ward.name}`,
      payer: { name: fullName, identityNumber: personalId, address },
      beneficiary: { accountNumber: '0310000000016', accountName: `UBND ${ward.name}`, bankCode: 'MAUBANK' },
      fees: [{ kind: 'charge', name: 'Lệ phí cấp bản sao trích lục', amount: 8_000 }],
    }),
    next: ({ operation }, { reference }) =>
      operation.endsWith('create-payment') ? desk.query('payment.get-payment-status', { reference }) : undefined,
  };
};

const postalOrder: Counter = (desk) => {
  const { fullName, phone, address, ward } = desk.citizen;
  const agencyParty = {
    name: `Bộ phận Một cửa ${ward.name}`,
    phone: '02253000016',
    address: `Trụ sở ${ward.name}`,
    provinceCode: '31',
  };
  return {
    first: desk.command('vnpost.create-order', procedures.extract, {
      direction: 'deliver-result',
      sender: agencyParty,
      receiver: { name: fullName, phone, address, provinceCode: '31' },
      agencyName: `Ủy ban nhân dân ${ward.name}`,
      procedureName: 'Cấp bản sao trích lục hộ tịch',
      items: ['Bản sao trích lục'],
    }),
    next: ({ operation }, { orderNumber }) =>
      operation.endsWith('create-order')
        ? desk.query('vnpost.track-order', { by: 'order-number', number: orderNumber })
        : undefined,
  };
};

const registryPerson = ({ fullName, birthDate, personalId, ward, address }: SandboxPerson): object => ({
  fullName,
  birthDate,
  identityNumber: personalId,
  ethnicGroup: '01',
  address: { provinceCode: '31', communeCode: ward.code, detail: address },
});

const requesterOf = ({ fullName, personalId, phone }: SandboxPerson, relation: string): object => ({
  fullName,
  identityNumber: personalId,
  relation,
  phone,
});

/** Hands a dossier in at the registry, and asks at once where it stands. */
const registryVisit = (desk: Desk, register: string, operation: string, procedure: string, input: object): Play => ({
  first: desk.command(`civil-registry.${operation}`, procedure, input),
  next: (scene) =>
    scene.kind === 'command'
      ? desk.query('civil-registry.get-dossier-status', { register, dossier: desk.dossierCode })
      : undefined,
});

const birthOf = (desk: Desk, ethnicGroup: string): object => {
  const mother = desk.anyone(({ sex, birthDate }) => sex === 'female' && birthDate > '1985');
  const [family] = desk.citizen.fullName.split(' ');
  return {
    requester: requesterOf(mother, 'Mẹ'),
    child: {
      fullName: `${family} Minh Khôi`,
      sex: 'male',
      birthDate: today(),
      birthPlace: 'Bệnh viện Phụ sản Hải Phòng',
      ethnicGroup,
    },
    mother: registryPerson(mother),
  };
};

const birth: Counter = (desk) => registryVisit(desk, 'birth', 'register-birth', procedures.birth, birthOf(desk, '01'));

/** The ethnic group on the form is not in the registry's catalogue. */
const birthWithWrongCode: Counter = (desk) =>
  registryVisit(desk, 'birth', 'register-birth', procedures.birth, birthOf(desk, '99'));

const marriage: Counter = (desk) => {
  const husband = desk.anyone(({ sex }) => sex === 'male');
  const wife = desk.anyone(({ sex }) => sex === 'female');
  return registryVisit(desk, 'marriage', 'register-marriage', procedures.marriage, {
    requester: requesterOf(husband, 'Bản thân'),
    husband: registryPerson(husband),
    wife: registryPerson(wife),
  });
};

const death: Counter = (desk) => {
  const deceased = desk.anyone(({ birthDate }) => birthDate < '1955');
  return registryVisit(desk, 'death', 'register-death', procedures.death, {
    requester: requesterOf(desk.citizen, 'Con'),
    deceased: registryPerson(deceased),
    death: { date: today(), place: 'Tại nhà', cause: 'Tuổi cao' },
  });
};

const maritalStatus: Counter = (desk) =>
  registryVisit(desk, 'marital-status', 'request-marital-status-certificate', procedures.maritalStatus, {
    requester: requesterOf(desk.citizen, 'Bản thân'),
    person: registryPerson(desk.citizen),
    purpose: 'Để đăng ký kết hôn',
  });

/** How often of a hundred visits each happens. */
const visits: readonly (readonly [number, Counter])[] = [
  [19, verify],
  [8, lookUp],
  [2, mistypedNumber],
  [2, mistypedDate],
  [8, birth],
  [1, birthWithWrongCode],
  [3, marriage],
  [3, death],
  [4, maritalStatus],
  [5, judicialRecord],
  [10, payment],
  [6, postalOrder],
  [3, enterprise],
  [2, registrations],
  [1, unknownEnterprise],
  [1, dissolvedUnit],
  [2, budgetCode],
  [2, insuranceNumber],
  [3, childCard],
  [4, parcelQuestion],
  [1, mistypedParcel],
  [3, landDossier],
  [6, portalDossier],
  [1, procedureList],
];
