/** What is wrong with a declaration, as the real system would name it: one text per faulty field. */
export function faultsOfForm(form: Record<string, unknown>): string[] {
  const top = faultsOf('', form, {
    idMinistryJustice: text,
    idReceivedDec: matching(/^\S{1,64}$/),
    dateReceivedDec: fullDate,
    datePromissoryDec: optional(fullDate),
    idMoneyReceipt: text,
    residenceWSForm: Array.isArray,
  });
  const declaration = objectOf(form['declarationWSForm']);
  const residences = Array.isArray(form['residenceWSForm']) ? form['residenceWSForm'] : [];
  const mandated = declaration['declareTypeId'] === 3845 || form['mandatorWSForm'] !== undefined;
  return [
    ...top,
    ...faultsOf('declarationWSForm.', declaration, {
      ...declarationRules,
      identifyNo: identifyNoOf(declaration['idTypeId']),
      receiveNo: (value) => value === form['idReceivedDec'],
    }),
    ...residences.flatMap((residence, index) =>
      faultsOf(`residenceWSForm[${index}].`, objectOf(residence), residenceRules),
    ),
    ...(mandated ? faultsOf('mandatorWSForm.', objectOf(form['mandatorWSForm']), mandatorRules) : []),
  ];
}

type Rule = (value: unknown) => boolean;

const text: Rule = (value) => typeof value === 'string' && value !== '';
const whole: Rule = (value) => Number.isInteger(value);
const among =
  (...values: unknown[]): Rule =>
  (value) =>
    values.includes(value);
const matching =
  (pattern: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || rule(value);

const day = '(0[1-9]|[12]\\d|3[01])';
const month = '(0[1-9]|1[0-2])';
const fullDate = matching(new RegExp(`^${day}/${month}/\\d{4}$`));
const partialDate = matching(new RegExp(`^((${day}/)?${month}/)?\\d{4}$`));

const declarationRules: Record<string, Rule> = {
  fullName: text,
  otherName: optional(text),
  genderId: among(1, 0),
  birthDateStr: partialDate,
  birthPlace: optional(text),
  nationalityId: (value) => whole(value) && Number(value) > 0,
  ethnicId: optional(whole),
  residence: optional(text),
  reRegionId: optional(whole),
  residenceTemporary: optional(text),
  rtRegionId: optional(whole),
  idTypeId: among(0, 1, 2, 3),
  idIssueDate: optional(fullDate),
  idIssuePlace: optional(text),
  dadName: optional(text),
  dadDob: optional(partialDate),
  momName: optional(text),
  momDob: optional(partialDate),
  partnerName: optional(text),
  partnerDob: optional(partialDate),
  phone: matching(/^\d{8,11}$/),
  email: optional(text),
  ministryJusticeId: whole,
  declareDate: fullDate,
  declareTypeId: among(3844, 3845, 3846, 3847),
  requestQty: (value) => whole(value) && Number(value) > 0,
  requestQtyAdd: optional(whole),
  objectRequestId: among(71, 72, 73, 74),
  formType: among(1, 2),
  isBanPosition: among(0, 1),
  delivery: among(0, 1),
  deliveryAddress: optional(text),
  deliveryDistrict: optional(whole),
  note: optional(text),
  purpose: optional(text),
};

const residenceRules: Record<string, Rule> = {
  fromDateStr: partialDate,
  toDateStr: partialDate,
  residencePlace: text,
  jobName: optional(text),
  workPlace: optional(text),
};

const mandatorRules: Record<string, Rule> = {
  fullName: text,
  genderId: optional(among(1, 0)),
  birthDateStr: optional(partialDate),
  idTypeId: optional(among(0, 1, 2, 3)),
  idIssueDate: optional(fullDate),
  mandatorDate: optional(fullDate),
};

/** Nine digits on the old card (1), twelve on the citizen card (3). */
function identifyNoOf(idTypeId: unknown): Rule {
  if (idTypeId === 1) return matching(/^\d{9}$/);
  if (idTypeId === 3) return matching(/^\d{12}$/);
  return matching(/^[A-Z0-9]{5,20}$/);
}

const faultsOf = (prefix: string, object: Record<string, unknown>, rules: Record<string, Rule>): string[] =>
  Object.entries(rules)
    .filter(([name, rule]) => !rule(object[name]))
    .map(([name]) => `${prefix}${name}`);

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
