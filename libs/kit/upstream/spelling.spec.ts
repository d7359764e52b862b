import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { BusError } from '#lgsp/errors';
import type { UpstreamCall } from '../call';
import { fromTheirs, theirValue, toTheirs, type Spelling } from './spelling';

class Tide {
  @IsInt() centimetres: number;
  @IsIn(['high', 'low']) kind: 'high' | 'low';
}

class TideTable {
  @IsString() harbour: string;
  @IsOptional() @IsBoolean() forecast?: boolean;
  @IsArray() @ValidateNested({ each: true }) @Type(() => Tide) tides: Tide[];
}

const spelling: Spelling = {
  TideTable: {
    harbour: { as: 'maCang', reads: 'text' },
    forecast: { as: 'duBao', reads: 'boolean' },
    tides: { as: 'conNuoc', of: 'Tide', list: true },
  },
  Tide: {
    centimetres: { as: 'doCao', reads: 'number' },
    kind: { as: 'loai', values: { high: 'TRIEU_CUONG', low: 'TRIEU_KIET' } },
  },
};
const query = { kind: 'query' } as UpstreamCall;
const command = { kind: 'command' } as UpstreamCall;
const table: TideTable = { harbour: '7', forecast: true, tides: [{ centimetres: 310, kind: 'high' }] };
const read = (theirs: unknown, call = query): TideTable => fromTheirs(call, spelling, TideTable, theirs);

it('spells a message as the outside system does, in the order of the table, and reads it back', () => {
  const theirs = toTheirs(spelling, TideTable, { ...table, unknown: 1 } as TideTable);
  expect(JSON.stringify(theirs)).toBe('{"maCang":"7","duBao":true,"conNuoc":[{"doCao":310,"loai":"TRIEU_CUONG"}]}');
  expect(read(theirs)).toEqual(table);
});

it('reads what XML makes of it: text for everything, one item without its list, empty elements for nothing', () => {
  const conNuoc = { doCao: '-12', loai: 'TRIEU_KIET' };
  expect(read({ maCang: 7, duBao: '', conNuoc })).toEqual({ harbour: '7', tides: [{ centimetres: -12, kind: 'low' }] });
  expect(read({ maCang: '7', duBao: '0', conNuoc })).toMatchObject({ forecast: false });
});

it('spells listed values of an address too', () => {
  const values = { high: 'TRIEU_CUONG' };
  expect([theirValue(values, ['high', 'low']), theirValue(values, 'toString'), theirValue(values, undefined)]).toEqual([
    ['TRIEU_CUONG', 'low'],
    'toString',
    undefined,
  ]);
});

it.each([
  ['nothing', undefined, '/harbour required, /tides'],
  ['text', 'a maintenance page', '/harbour required'],
  [
    'a number that is none',
    { maCang: '7', conNuoc: { doCao: '3m10', loai: 'TRIEU_CUONG' } },
    '/tides/0/centimetres is-int',
  ],
  ['an unknown word', { maCang: '7', conNuoc: [{ doCao: 1, loai: 'spring' }] }, '/tides/0/kind is-in'],
])('refuses %s by our fields, without a value', (_, theirs, said) => {
  const refused = (call: UpstreamCall): BusError => {
    try {
      read(theirs, call);
    } catch (error) {
      return error as BusError;
    }
    throw new Error('it was read');
  };
  expect(refused(query).code).toBe('upstream-invalid');
  expect(refused(query).detail?.en).toContain(said);
  expect(refused(query).detail?.en).not.toMatch(/3m10|spring|maintenance/);
  // A command that was answered so may have taken effect.
  expect(refused(command).code).toBe('outcome-unknown');
});
