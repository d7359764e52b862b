import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import fc from 'fast-check';
import type { BusError } from '#lgsp/errors';
import { IsPersonalId } from '#lgsp/vietnam';
import { defineConnector, describeEndpoint, jsonSchemaOf, readInput, subjectOf } from '.';
import { sampleCommand } from './testing/sample.operation';

class Child {
  @IsString() @MaxLength(5) name: string;
}

class Form {
  @IsInt() @Max(9) count: number;
  @IsOptional() @IsIn(['a', 'b']) kind?: string;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Child) @ArrayMaxSize(2) children?: Child[];
}

const read = (text: string, language: 'en' | 'vi' = 'en'): Form => readInput(Form, Buffer.from(text), language);

function refusalOf(text: string | Buffer, language: 'en' | 'vi' = 'en'): BusError {
  try {
    readInput(Form, Buffer.from(text), language);
  } catch (error) {
    return error as BusError;
  }
  throw new Error('it was not refused');
}

describe('readInput', () => {
  it('gives an instance of the class, in Unicode NFC', () => {
    const form = read(JSON.stringify({ count: 1, children: [{ name: 'Thị'.normalize('NFD') }] }));
    expect(form.children![0]).toBeInstanceOf(Child);
    expect(form.children![0]!.name).toBe('Thị'.normalize('NFC'));
  });

  it('names every fault by path and rule, with its bound', () => {
    const { errors } = refusalOf('{"count":12,"kind":"c","children":[{"name":"abcdef"},{}],"more":1}');
    expect(errors).toEqual(
      expect.arrayContaining([
        { path: '/count', rule: 'max', message: 'must be at most 9' },
        { path: '/kind', rule: 'is-in', message: 'must be one of: a, b' },
        { path: '/children/0/name', rule: 'max-length', message: 'must have at most 5 characters' },
        { path: '/children/1/name', rule: 'required', message: 'is required' },
        { path: '/more', rule: 'unknown-field', message: 'is not a field of this operation' },
      ]),
    );
  });

  it('takes null for absent, and refuses it in a list', () => {
    expect(read('{"count":1,"kind":null,"children":null}')).toEqual({ count: 1 });
    expect(refusalOf('{"count":null}').errors).toEqual([expect.objectContaining({ path: '/count', rule: 'required' })]);
    expect(refusalOf('{"count":1,"more":null}').errors?.[0]).toMatchObject({ path: '/more', rule: 'unknown-field' });
    expect(refusalOf('{"count":1,"children":[null]}').errors?.[0]).toMatchObject({ path: '/children/0' });
  });

  it('knows a message without fields, and refuses any in it', () => {
    class Nothing {}
    expect(readInput(Nothing, Buffer.from('{}'), 'en')).toBeInstanceOf(Nothing);
    expect(() => readInput(Nothing, Buffer.from('{"more":1}'), 'en')).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ path: '/more', rule: 'unknown-field' })] }),
    );
    expect(jsonSchemaOf(Nothing, { closed: true })).toEqual({ type: 'object', additionalProperties: false });
  });

  it('speaks Vietnamese when asked to', () => {
    expect(refusalOf('{}', 'vi').errors).toEqual([{ path: '/count', rule: 'required', message: 'là bắt buộc' }]);
  });

  it.each([
    ['text', '"abc"', 'object'],
    ['a list', '[]', 'object'],
    ['null', 'null', 'object'],
    ['NUL', '{"count":1,"kind":"a\\u0000"}', 'well-formed'],
    ['half a surrogate pair', '{"count":1,"kind":"\\ud800"}', 'well-formed'],
    ['__proto__', '{"count":1,"__proto__":{"admin":true}}', 'unknown-field'],
    ['constructor', '{"count":1,"constructor":{"prototype":1}}', 'unknown-field'],
    ['toString', '{"count":1,"toString":true}', 'unknown-field'],
    ['a field without a name', '{"count":1,"":true}', 'unknown-field'],
    ['depth', `{"count":${'['.repeat(500)}${']'.repeat(500)}}`, 'depth'],
    ['very great depth', `{"count":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 'depth'],
    ['very many values', `{"count":[${'1,'.repeat(150_000)}1]}`, 'size'],
  ])('refuses %s', (_name, text, rule) => {
    expect(refusalOf(text).errors?.[0]?.rule).toBe(rule);
  });

  it.each([['{"count":1'], [''], ['{count:1}'], ['\u0000']])('refuses %j as malformed', (text) => {
    expect(refusalOf(text).code).toBe('malformed-json');
  });

  it('refuses bytes that are not UTF-8, and keeps the body out of the error', () => {
    const error = refusalOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]));
    expect(error.code).toBe('malformed-json');
    expect((refusalOf('{"secret":031190000016}').cause as Error).message).not.toContain('031190');
  });

  it('never fails otherwise, whatever the body', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          readInput(Form, Buffer.from(JSON.stringify(value) ?? ''), 'en');
        } catch (error) {
          expect(['malformed-json', 'invalid-request']).toContain((error as BusError).code);
        }
      }),
    );
  });
});

it('jsonSchemaOf is complete in itself, and closed for inputs', () => {
  expect(jsonSchemaOf(Form, { closed: true })).toMatchObject({
    type: 'object',
    required: ['count'],
    additionalProperties: false,
    properties: { count: { type: 'integer', maximum: 9 }, kind: { enum: ['a', 'b'] } },
    $defs: { Child: { additionalProperties: false, required: ['name'] } },
  });
});

it('jsonSchemaOf keeps the pattern of a decorator beside a description', () => {
  class Described {
    @JSONSchema({ description: 'of the child' })
    @IsPersonalId()
    personalId: string;
  }
  expect(jsonSchemaOf(Described)).toMatchObject({
    properties: { personalId: { type: 'string', pattern: expect.any(String), description: 'of the child' } },
  });
});

describe('defineConnector', () => {
  const say = sampleCommand;
  const base = { name: 'test', version: '1.0.0', owner: 'test', summary: { en: 'Test', vi: 'Thử' } };

  it('names every fault at once', () => {
    const wrong = { ...say, timeoutMs: 5, idempotency: '', example: { ...say.example, varies: ['nothing'] } };
    expect(() => defineConnector({ ...base, name: 'Bad Name', version: '1', operations: { wrong } })).toThrow(
      /kebab-case.*semantic.*timeoutMs 5.*idempotent.*"nothing"/s,
    );
  });

  it('is passed by a right one', () => {
    expect(defineConnector({ ...base, operations: { say } }).operations.say).toBe(say);
  });

  it('takes an earlier version of an operation beside the present one, with its dates', () => {
    const sayV1 = { ...say, version: '1.4.0', deprecatedSince: '2026-06-01', sunsetOn: '2027-01-01' };
    const definition = defineConnector({ ...base, version: '2.0.0', operations: { say, sayV1 } });
    expect(['say', 'sayV1'].map((verb) => subjectOf(definition, verb))).toEqual([
      'lgsp.test.v2.say',
      'lgsp.test.v1.say',
    ]);
    const { endpointName, metadata } = describeEndpoint('sayV1', '2.0.0', sayV1);
    expect(endpointName).toBe('say-v1');
    expect(metadata).toMatchObject({ version: '1.4.0', deprecatedSince: '2026-06-01', sunsetOn: '2027-01-01' });
  });

  it.each([
    [
      'of another major than its name says',
      { sayV1: { ...say, version: '2.0.0' } },
      /sayV1: its version 2.0.0 is not of v1/,
    ],
    ['twice in one version', { say, sayV1: { ...say, version: '1.1.0' } }, /sayV1: say is v1.say already/],
    ['deprecated on no day', { say: { ...say, deprecatedSince: 'soon' } }, /"soon" is not a day/],
    ['taken away before it was deprecated', { say: { ...say, sunsetOn: '2027-01-01' } }, /sunsetOn needs an earlier/],
  ])('refuses an operation that is %s', (_name, operations, fault) => {
    expect(() => defineConnector({ ...base, operations })).toThrow(fault);
  });
});
