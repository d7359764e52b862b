import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  applicantCode,
  applicantCodeLists,
  applicantKinds,
  applicantKindsOf,
  dossierPhase,
  dossierStateCode,
  dossierStateOf,
  dossierStates,
  dossierStateTable,
  foreignDossierStates,
  mayFollow,
  parseApplicantCode,
  parseDossierState,
  statesAfter,
} from '#lgsp/vietnam';

const anyState = fc.constantFrom(...dossierStates);

describe('the ten national states of a dossier', () => {
  it('have the codes and names that are used nationwide', () => {
    expect(dossierStates.map((state) => [dossierStateTable[state].code, dossierStateTable[state].name.vi])).toEqual([
      [1, 'Mới đăng ký'],
      [2, 'Được tiếp nhận'],
      [3, 'Không được tiếp nhận'],
      [4, 'Đang xử lý'],
      [5, 'Yêu cầu bổ sung giấy tờ'],
      [6, 'Yêu cầu thực hiện nghĩa vụ tài chính'],
      [7, 'Công dân yêu cầu rút hồ sơ'],
      [8, 'Dừng xử lý'],
      [9, 'Đã xử lý xong'],
      [10, 'Đã trả kết quả'],
    ]);
  });

  it('go into a code and come back', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const code = dossierStateCode(state);
        expect(parseDossierState(code)).toEqual({ ok: true, value: state });
        expect(parseDossierState(String(code))).toEqual({ ok: true, value: state });
      }),
    );
  });

  it.each(['0', '11', '04', '4.0', ' 4', '', 'constructor', -1, 1.5, Number.NaN])('%j is none', (code) => {
    expect(parseDossierState(code)).toMatchObject({ ok: false, rule: 'dossier-state' });
  });

  it('follow each other as the portal allows, and no other way', () => {
    const ways = dossierStates.flatMap((from) =>
      dossierStates
        .filter((to) => from !== to && mayFollow(from, to))
        .map((to) => `${dossierStateCode(from)}→${dossierStateCode(to)}`),
    );
    const wanted = ['1→2', '1→3', '1→7', '2→4', '4→5', '4→6', '4→7', '4→8', '4→9', '5→4', '5→7', '6→4', '6→7'];
    expect(ways).toEqual([...wanted, '8→4', '9→10']);
  });

  it('may stay, and end where nothing follows', () => {
    fc.assert(fc.property(anyState, (state) => mayFollow(state, state)));
    expect(dossierStates.filter((state) => statesAfter(state).length === 0)).toEqual([
      'not-accepted',
      'withdrawn',
      'returned',
    ]);
  });

  it('can all be reached from the first', () => {
    const reached = new Set(dossierStates.slice(0, 1));
    for (const state of reached) for (const next of statesAfter(state)) reached.add(next);
    expect([...reached].toSorted()).toEqual(dossierStates.toSorted());
  });

  it('are counted as reports count them', () => {
    const of = (phase?: string): number[] =>
      dossierStates.filter((state) => dossierPhase(state) === phase).map(dossierStateCode);
    expect({ done: of('done'), inProgress: of('in-progress'), paused: of('paused'), none: of() }).toEqual({
      done: [7, 9, 10],
      inProgress: [4],
      paused: [5, 6, 8],
      none: [1, 2, 3],
    });
  });
});

it('docs/vietnam.md has the table as it is here', () => {
  const page = readFileSync(join(__dirname, '../../docs/vietnam.md'), 'utf8');
  const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());
  const written = page.split('\n').filter((line) => /^\| \d/.test(line));
  expect(written.map(cells)).toEqual(
    dossierStates.map((state) => {
      const next = statesAfter(state).map(dossierStateCode).join(', ');
      const { code, name } = dossierStateTable[state];
      return ['', String(code), `\`${state}\``, name.vi, next, dossierPhase(state)?.replace('-', ' ') ?? '', ''];
    }),
  );
});

describe('states of other systems', () => {
  it('become national ones as integrators map them', () => {
    const registry = [2, 4, 6].map((raw) => dossierStateCode(dossierStateOf('civil-registry/linked', raw)!));
    expect(registry).toEqual([5, 9, 3]);
    expect(dossierStateOf('judicial-records', 5)).toBe('completed');
    expect(dossierStateOf('land/callback', 'YeuCauBoSungHoSo')).toBe('supplement-required');
  });

  it('tell apart what the same number means in two lists', () => {
    expect(dossierStateOf('civil-registry/linked', 6)).toBe('not-accepted');
    expect(dossierStateOf('civil-registry/older', 6)).toBeUndefined();
  });

  it('say nothing by a code that nobody knows', () => {
    for (const raw of ['0', '5', '', 'constructor', '__proto__'])
      expect(dossierStateOf('civil-registry/linked', raw)).toBeUndefined();
  });

  it('are mapped to states that exist', () => {
    for (const codes of Object.values(foreignDossierStates))
      for (const { state } of Object.values(codes)) expect(dossierStates).toContain(state);
  });
});

describe('kinds of applicants', () => {
  it('go into the code of a list and come back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...applicantCodeLists), fc.constantFrom(...applicantKinds), (list, kind) => {
        const code = applicantCode(list, kind);
        if (!code.ok) return expect(applicantKindsOf(list)).not.toContain(kind);
        return expect(parseApplicantCode(list, code.value)).toEqual({ ok: true, value: kind });
      }),
    );
  });

  it('are told apart where the same number means different people', () => {
    expect(parseApplicantCode('portal-adapter', 1)).toEqual({ ok: true, value: 'citizen' });
    expect(parseApplicantCode('ministry-portal', 1)).toEqual({ ok: true, value: 'business' });
  });

  it('are refused where a list has none', () => {
    expect(applicantCode('portal-adapter', 'household-business')).toMatchObject({ ok: false, rule: 'system-code' });
    for (const code of ['0', '3', '', 'citizen'])
      expect(parseApplicantCode('portal-adapter', code)).toMatchObject({ ok: false, rule: 'system-code' });
  });
});
