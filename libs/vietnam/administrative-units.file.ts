import { readFileSync } from 'node:fs';
import { ValidateBy } from 'class-validator';
import { BusError } from '#lgsp/errors';
import { AdministrativeUnits, type AdministrativeUnitsData } from './administrative.units';
import { communeCodePattern, provinceCodePattern } from './area.code';
import { parseFullDate } from './calendar.date';
import { administrativeUnits } from './commune.catalogue';

/** Faults that one start tells; a file in which everything is wrong would fill the log. */
const faultsToldMax = 10;

/**
 * The administrative units of a deployment: of its file (docs/vietnam.md), or the excerpt that this library brings where
 * none is given. @throws BusError `internal` naming the faults of the file
 */
export function loadAdministrativeUnits(path?: string): AdministrativeUnits {
  if (path === undefined) return administrativeUnits;
  const { data, faults } = readUnits(path);
  if (data) return new AdministrativeUnits(data);
  const told = faults.join('; ');
  throw new BusError('internal', {
    detail: { en: `administrative units: ${told}`, vi: `đơn vị hành chính: ${told}` },
  });
}

/** On the property of a configuration: the process does not start with a file in which something is wrong. */
export function HoldsAdministrativeUnits(): PropertyDecorator {
  return ValidateBy({
    name: 'holdsAdministrativeUnits',
    validator: {
      validate: (path: unknown) => typeof path === 'string' && readUnits(path).data !== undefined,
      defaultMessage: (given) =>
        `must be a file of administrative units: ${readUnits(String(given?.value)).faults.join('; ')}`,
    },
  });
}

function readUnits(path: string): { data?: AdministrativeUnitsData; faults: string[] } {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { faults: [code === undefined ? 'it is not JSON' : `it cannot be read (${code})`] };
  }
  const faults = faultsOfUnits(data);
  if (faults.length === 0) return { data: data as AdministrativeUnitsData, faults };
  const more = faults.length - faultsToldMax;
  return { faults: more > 0 ? [...faults.slice(0, faultsToldMax), `and ${more} more`] : faults };
}

type Row = Partial<Record<string, unknown>>;

/** Everything that is wrong with the content of a file, each fault with its place. */
export function faultsOfUnits(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return ['it is not an object'];
  const file = data as Row;
  const faults: string[] = [];
  if (typeof file['source'] !== 'string' || file['source'] === '') faults.push('source: is missing');
  if (!parseFullDate(String(file['asOf'])).ok) faults.push('asOf: is not a date');
  const list = (name: string): Row[] => {
    if (Array.isArray(file[name])) return (file[name] as unknown[]).map((row) => (row ?? {}) as Row);
    faults.push(`${name}: is not a list`);
    return [];
  };
  const [provinces, communes] = [list('provinces'), list('communes')];
  const [formerProvinces, formerCommunes] = [list('formerProvinces'), list('formerCommunes')];
  const provinceCodes = new Set(provinces.map(({ code }) => code));
  const communeCodes = new Set(communes.map(({ code }) => code));
  const everyProvince = new Set([...provinceCodes, ...formerProvinces.map(({ code }) => code)]);
  const { checkUnit, known } = checks(faults);
  provinces.forEach(checkUnit('provinces', provinceCodePattern));
  formerProvinces.forEach(checkUnit('formerProvinces', provinceCodePattern));
  formerProvinces.forEach(({ to }, at) => known(`formerProvinces[${at}].to`, to, provinceCodes));
  communes.forEach(checkUnit('communes', communeCodePattern));
  communes.forEach(({ province }, at) => known(`communes[${at}].province`, province, provinceCodes));
  formerCommunes.forEach(checkUnit('formerCommunes', communeCodePattern));
  formerCommunes.forEach(({ province, to, district }, at) => {
    const place = `formerCommunes[${at}]`;
    known(`${place}.province`, province, everyProvince);
    if (district !== undefined && typeof district !== 'string') faults.push(`${place}.district: is not text`);
    if (!Array.isArray(to) || to.length === 0) faults.push(`${place}.to: is not a list of codes`);
    else to.forEach((code) => known(`${place}.to`, code, communeCodes));
  });
  return faults;
}

function checks(faults: string[]) {
  return {
    checkUnit: (list: string, pattern: RegExp) => {
      const seen = new Set<string>();
      return ({ code, name }: Row, at: number): void => {
        const text = typeof code === 'string' ? code : '';
        if (!pattern.test(text)) faults.push(`${list}[${at}].code: does not match ${pattern.source}`);
        else if (seen.has(text)) faults.push(`${list}[${at}].code: ${text} is there twice`);
        if (typeof name !== 'string' || name === '') faults.push(`${list}[${at}].name: is missing`);
        seen.add(text);
      };
    },
    known: (place: string, code: unknown, codes: ReadonlySet<unknown>): void => {
      if (!codes.has(code)) faults.push(`${place}: there is no ${JSON.stringify(code)}`);
    },
  };
}
