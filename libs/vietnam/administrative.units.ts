import type { FullDate } from './calendar.date';
import { accept, refuseValue, shownValue, type Parsed } from './parsed';
import { comparableText } from './vietnamese.text';

/** A province of today (đơn vị hành chính cấp tỉnh). */
export interface Province {
  /** Two digits. */
  code: string;
  name: string;
}

/** A province that is no more, and the one of today in which it lies. Its code may be in use again: 15 was Yên Bái. */
export interface FormerProvince extends Province {
  to: string;
}

/** A commune, ward or special zone of today (đơn vị hành chính cấp xã). There is no district above it. */
export interface Commune {
  /** Five digits. */
  code: string;
  name: string;
  /** Code of its province. */
  province: string;
}

/** A commune that is no more, and those of today in which its parts lie: several when it was split. */
export interface FormerCommune extends Commune {
  district?: string;
  to: string[];
}

/** What a file of administrative units holds (docs/vietnam.md). */
export interface AdministrativeUnitsData {
  /** Where it is from, and whether it is whole: refusals tell it. */
  source: string;
  /** First day of today's units: what was written before it means the former ones. */
  asOf: FullDate;
  provinces: Province[];
  formerProvinces: FormerProvince[];
  communes: Commune[];
  formerCommunes: FormerCommune[];
}

/** An address by the names of its units, as outside systems write it. */
export interface NamedPlace {
  province: string;
  /** Present in addresses from before the two tiers; the commune is then a former one. */
  district?: string;
  commune?: string;
}

/** Where an address lies today. No commune: the catalogue does not know it. Several: the former commune was split. */
export interface LocatedPlace {
  province?: Province;
  communes: Commune[];
}

/** The administrative units in two tiers since 1/7/2025 (Resolution 202/2025/QH15), and the way from the former ones. */
export class AdministrativeUnits {
  private readonly provinces: ReadonlyMap<string, Province>;
  private readonly formerProvinces: ReadonlyMap<string, FormerProvince>;
  private readonly provincesByName: ReadonlyMap<string, string>;
  private readonly communes: ReadonlyMap<string, Commune>;
  private readonly formerCommunes: ReadonlyMap<string, FormerCommune>;
  /** By today's province and comparable name. */
  private readonly communesByName = new Map<string, Commune[]>();
  private readonly formerByName = new Map<string, FormerCommune[]>();

  /** @param data checked before (administrative-units.file.ts) */
  constructor(readonly data: AdministrativeUnitsData) {
    const { provinces, formerProvinces, communes, formerCommunes } = data;
    this.provinces = byCode(provinces);
    this.formerProvinces = byCode(formerProvinces);
    this.communes = byCode(communes);
    this.formerCommunes = byCode(formerCommunes);
    const former = formerProvinces.map(({ name, to }) => [provinceKey(name), to] as const);
    const today = provinces.map(({ name, code }) => [provinceKey(name), code] as const);
    this.provincesByName = new Map([...former, ...today]);
    for (const commune of communes) addTo(this.communesByName, nameKey(commune.province, commune.name), commune);
    for (const commune of formerCommunes) {
      const province = this.provinceToday(commune.province);
      if (province.ok) addTo(this.formerByName, nameKey(province.value.code, commune.name), commune);
    }
  }

  province(code: string): Province | undefined {
    return this.provinces.get(code);
  }

  commune(code: string): Commune | undefined {
    return this.communes.get(code);
  }

  communesOf(province: string): Commune[] {
    return this.data.communes.filter((commune) => commune.province === province);
  }

  /** The province of today for a code of today or from before: 30 (Hải Dương) and 31 are both Hải Phòng. */
  provinceToday(code: string): Parsed<Province> {
    const found = this.provinces.get(code) ?? this.provinces.get(this.formerProvinces.get(code)?.to ?? '');
    if (found) return accept(found);
    return this.refuse(code, { en: 'provinces', vi: 'tỉnh, thành phố' }, this.provinces.size);
  }

  /**
   * The communes of today for a code: one, or several when a former commune was split. Codes were given anew, so a code may
   * mean a former and a present commune: the day on which it was written decides, and without one the present is meant.
   */
  communesToday(code: string, writtenOn?: FullDate): Parsed<Commune[]> {
    const present = [this.communes.get(code)].filter((commune) => commune !== undefined);
    const former = this.successorsOf([this.formerCommunes.get(code)].filter((commune) => commune !== undefined));
    const before = writtenOn !== undefined && writtenOn < this.data.asOf;
    const found = [before ? former : present, before ? present : former].find((communes) => communes.length > 0);
    return found ? accept(found) : this.refuse(code, { en: 'communes', vi: 'xã, phường, đặc khu' }, this.communes.size);
  }

  /** Where an address lies today, by names in any spelling. A district says that a former commune is meant. */
  locate({ province: name, district, commune }: NamedPlace): LocatedPlace {
    const province = this.provinces.get(this.provincesByName.get(provinceKey(name)) ?? '');
    if (!province || commune === undefined) return { province, communes: [] };
    const key = nameKey(province.code, commune);
    const present = this.communesByName.get(key) ?? [];
    const formers = this.formerByName.get(key) ?? [];
    if (!district) return { province, communes: present.length > 0 ? present : this.successorsOf(formers) };
    const there = comparableText(district);
    return {
      province,
      communes: this.successorsOf(formers.filter((former) => comparableText(former.district ?? '') === there)),
    };
  }

  private successorsOf(formers: readonly FormerCommune[]): Commune[] {
    const codes = new Set(formers.flatMap(({ to }) => to));
    return [...codes].flatMap((code) => this.communes.get(code) ?? []);
  }

  private refuse(code: string, list: { en: string; vi: string }, count: number): Parsed<never> {
    const { en, vi } = shownValue(code);
    const { source } = this.data;
    return refuseValue('catalogue-code', {
      en: `${en} is not in the catalogue of ${list.en} (${count} of them; ${source})`,
      vi: `${vi} không có trong danh mục ${list.vi} (${count} đơn vị; ${source})`,
    });
  }
}

const byCode = <U extends { code: string }>(units: readonly U[]): ReadonlyMap<string, U> =>
  new Map(units.map((unit) => [unit.code, unit]));

/** `Thành phố Hải Phòng`, `TP. Hải Phòng` and `Hải Phòng` are one name: the kind of a province has changed more than once. */
const provinceKey = (name: string): string => comparableText(name).replace(provinceKind, '');
const provinceKind = new RegExp(`^(?:${['thành phố', 'tỉnh', 'tp'].map(comparableText).join('|')}) `);

const nameKey = (province: string, commune: string): string => `${province} ${comparableText(commune)}`;

function addTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
