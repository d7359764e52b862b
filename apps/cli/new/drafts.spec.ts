import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorDraft, FieldDraft } from './draft';
import { ourName } from './read/field.names';
import { draftOfFile } from './read/draft.file';

/** What the descriptions of outside systems become; that it builds and keeps the contract is tried in test/e2e. */

const folder = mkdtempSync(join(tmpdir(), 'lgsp-drafts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const invented = (name: string): string => join(__dirname, 'testing', name);
const written = (text: string): string => {
  const path = join(folder, 'description');
  writeFileSync(path, text);
  return path;
};

function fieldsOf({ messages }: Pick<ConnectorDraft, 'messages'>, name: string): Record<string, Partial<FieldDraft>> {
  const { fields } = messages.find((message) => message.name === name)!;
  return Object.fromEntries(fields.map(({ name: ours, ...field }) => [ours, field]));
}

describe('an OpenAPI document', () => {
  const read = draftOfFile(invented('air-quality.openapi.yaml'));

  it('gives address, credentials and operations, and says what it leaves out', async () => {
    const { upstream, basePath, auth, operations, leftOut } = await read;
    expect({ upstream, basePath, auth }).toEqual({
      upstream: 'rest',
      basePath: '/quantrac/v2',
      auth: { scheme: 'client-credentials', tokenPath: '/token' },
    });
    expect(operations.map(({ verb, kind }) => `${kind} ${verb}`)).toEqual([
      'query layChiSoKhongKhi',
      'query listStations',
      'command guiPhanAnh',
      'command withdrawReport',
    ]);
    expect(leftOut).toEqual(['taiBanDo (GET /ban-do): its answer is not JSON']);
  });

  it('gives types, formats, lists, lengths and what must be there', async () => {
    const draft = await read;
    expect(fieldsOf(draft, 'GuiPhanAnhInput')).toMatchObject({
      fullName: { theirs: 'hoTen', required: true, lengthMax: 100, example: 'Nguyễn Thị Mẫu' },
      email: { type: 'email', required: false },
      content: { theirs: 'noiDung', lengthMin: 10, lengthMax: 2_000 },
      mucdo: { type: 'integer', least: 1, most: 5, required: true },
      anh: { type: 'url', list: true, itemsMax: 5 },
    });
    expect(fieldsOf(draft, 'GioDo')).toMatchObject({
      xepLoai: { values: ['tot', 'trung-binh', 'kem', 'xau'], theirValues: ['TOT', 'TRUNG_BINH', 'KEM', 'XAU'] },
    });
    expect(fieldsOf(draft, 'LayChiSoKhongKhiInput')).toMatchObject({
      tramCode: { pattern: '^HP-[0-9]{3}$', example: 'HP-016' },
      date: { type: 'date', required: true },
    });
    expect(fieldsOf(draft, 'LayChiSoKhongKhiOutput')).toMatchObject({ canhBao: { required: false } });
  });

  it('sends the reference of a command where the file has a place for it, and knows an answer without content', async () => {
    const wires = Object.fromEntries((await read).operations.map(({ verb, wire }) => [verb, wire]));
    expect(wires['guiPhanAnh']).toMatchObject({ referenceHeader: 'x-request-id', hasBody: true });
    expect(wires['withdrawReport']).toMatchObject({ method: 'DELETE', answer: 'empty', hasBody: false });
    expect(wires['listStations']).toMatchObject({ answer: 'list' });
  });

  it('gives a message that holds itself an example with an end', async () => {
    const { example } = (await read).operations.find(({ verb }) => verb === 'listStations')!;
    const station = {
      tramCode: 'HP-016',
      tramName: 'Trạm Lê Chân',
      state: 'hoat-dong',
      viTri: { kinhDo: 106.68, vido: 20.84 },
    };
    expect(example.output).toEqual({ items: [station] });
  });

  it('drafts only what is chosen', async () => {
    const path = invented('air-quality.openapi.yaml');
    const { operations, messages } = await draftOfFile(path, ['list-stations']);
    expect(operations.map(({ verb }) => verb)).toEqual(['listStations']);
    expect(messages.map(({ name }) => name)).toEqual(['ViTri', 'Tram', 'ListStationsInput', 'ListStationsOutput']);
    await expect(draftOfFile(path, ['noSuch'])).rejects.toThrow(
      'there is no noSuch in the file; there is layChiSoKhongKhi',
    );
  });
});

describe('a WSDL', () => {
  const read = draftOfFile(invented('labour-contracts.wsdl'));

  it('gives namespace, actions, elements, and says what it leaves out', async () => {
    const { upstream, basePath, namespace, operations, leftOut, summary } = await read;
    expect({ upstream, basePath, namespace, leftOut, summary }).toEqual({
      upstream: 'soap',
      basePath: '/ws/HopDong',
      namespace: { uri: 'http://laodong.example/hopdong', qualified: true },
      leftOut: ['Ping: its answer holds nothing'],
      summary: { vi: 'Đăng ký hợp đồng lao động' },
    });
    expect(operations.map(({ kind, wire }) => ({ kind, ...wire }))).toEqual([
      {
        kind: 'query',
        style: 'soap',
        action: 'http://laodong.example/hopdong/TraCuu',
        element: 'TraCuuHopDong',
        answerElement: 'TraCuuHopDongResponse',
      },
      {
        kind: 'command',
        style: 'soap',
        action: 'http://laodong.example/hopdong/DangKy',
        element: 'DangKyHopDong',
        answerElement: 'DangKyHopDongResponse',
      },
    ]);
  });

  it('gives extensions, choices, facets and lists', async () => {
    expect(fieldsOf(await read, 'DangKyContractInput')).toMatchObject({
      contractNumber: { theirs: 'soHopDong', required: true, lengthMax: 500 },
      state: { values: ['hieuluc', 'het-han', 'cham-dut'], theirValues: ['HIEU_LUC', 'HET_HAN', 'CHAM_DUT'] },
      luongThang: { type: 'number' },
      nguoiLabour: { type: 'message', list: true, itemsMax: 1_000 },
      khongThoiHan: { type: 'boolean', required: false },
      // Its pattern has no example in the file: a person writes both.
      taxCode: { lengthMax: 14, description: expect.stringContaining('[0-9]{10}') as string },
    });
    expect(fieldsOf(await read, 'NguoiLabour')).toMatchObject({
      identityNumber: { lengthMin: 12, lengthMax: 12 },
      birthDate: { type: 'date', required: false },
      fullName: { lengthMax: 500 },
    });
  });
});

it.each([
  ['swagger: "2.0"', 'no OpenAPI 3 document'],
  ['openapi: 3.1.0\npaths: {}', 'has no operation'],
  ['a: [', 'neither JSON nor YAML'],
  ['<note/>', 'no WSDL 1.1'],
  ['<!DOCTYPE a><definitions/>', 'DOCTYPE'],
  ['<definitions', 'cannot be read as XML'],
  [
    'openapi: 3.0.0\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {$ref: "other.yaml#/A"}}}}}}}',
    'leads out of the file',
  ],
  [
    'openapi: 3.0.0\npaths: {/a: {get: {responses: {"200": {description: ok}}}}}',
    'no operation of description can be drafted',
  ],
])('%j is refused: %s', async (text, why) => {
  await expect(draftOfFile(written(text))).rejects.toThrow(why);
});

it('takes no address that would become code', async () => {
  const path = '/a/${process.exit(1)}';
  const get = {
    operationId: 'a',
    responses: { 200: { content: { 'application/json': { schema: { type: 'object' } } } } },
  };
  const document = written(JSON.stringify({ openapi: '3.0.0', paths: { [path]: { get } } }));
  await expect(draftOfFile(document)).rejects.toThrow('its path holds characters that no path needs');
});

it.each([
  ['maHoSo', 'dossierCode'],
  ['TEN_DON_VI', 'unitName'],
  ['soDienThoai', 'phone'],
  ['stationId', 'stationId'],
  ['noiSinh', 'noisinh'],
  ['chỉ-số', 'chiso'],
  ['2ndName', 'value2ndName'],
  ['constructor', 'constructorValue'],
])('%s is drafted as %s', (theirs, ours) => {
  expect(ourName(theirs)).toBe(ours);
});
