import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataStorage, IsOptional, validateSync } from 'class-validator';
import { JSONSchema, targetConstructorToSchema } from 'class-validator-jsonschema';
import { BusError } from '#lgsp/errors';
import * as vietnam from '#lgsp/vietnam';
import { IsDossierCode, IsPartialDate, IsPersonalId, IsPersonName, vietnamRules } from '#lgsp/vietnam';
import { dateForms, parsePersonalId, valueOrThrow, vietnamDecorators, vietnamSchemas } from '#lgsp/vietnam';
import { constraintName, fieldSchema } from './field.rule';
import { ruleTable } from './rules.table';

const decorators = Object.entries(vietnamDecorators);
const page = readFileSync(join(__dirname, '../../docs/vietnam.md'), 'utf8');
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Values that break each decorator's rule. */
const wrong: Record<string, readonly unknown[]> = {
  IsPersonalId: ['031234567', '03109012345x', 31090123456, null],
  IsIdentityNumber: ['0312345678', 31234567, ''],
  IsDossierCode: ['abc', 'H21.129-251312-0035', 'có dấu 123', {}],
  IsAgencyCode: ['H2', '000.00.00.49', 'h24'],
  IsProcedureCode: ['1001193', '1.00119', 1.001193],
  IsTaxCode: ['012345678', '0123456787-1'],
  IsTrackingNumber: ['EE 1', '1234'],
  IsPartialDate: ['14/03/1990', '1990-13', '1990-02-30', 1990],
  IsFullDate: ['1990', '1990-03', '2025-02-29'],
  IsDateTime: ['2026-06-09', '2026-06-09T10:15:00', '2026-02-30T10:15:00Z', 20260609],
  IsPersonName: ['', 'A1', 'Nguyễn'.normalize('NFD'), ' A', 'a'.repeat(101)],
  IsVietnamesePhone: ['113', '0912345', 912345678],
  IsCommuneCode: ['1140', 11407],
  IsProvinceCode: ['1', '031', 31],
};

function validated(decorate: PropertyDecorator, value: unknown): Record<string, string> {
  class Message {
    field: unknown;
  }
  decorate(Message.prototype, 'field');
  return validateSync(Object.assign(new Message(), { field: value }))[0]?.constraints ?? {};
}

describe('decorators', () => {
  it('are all exported, and nothing else is called Is…', () => {
    const exported = Object.keys(vietnam).filter((name) => /^Is[A-Z]/.test(name));
    expect(exported.sort()).toEqual(Object.keys(vietnamDecorators).sort());
    expect(Object.keys(wrong).sort()).toEqual(exported);
  });

  it.each(decorators)('%s takes its own examples', (_, decorator) => {
    for (const example of decorator.field.examples) expect(validated(decorator(), example)).toEqual({});
  });

  it.each(decorators)('%s refuses under its own constraint, with its sentence', (name, decorator) => {
    const sentence = ruleTable[decorator.field.rule].en;
    const constraint = constraintName(decorator.field.rule);
    expect(constraint).toBe(name.replace(/^I/, 'i'));
    for (const value of wrong[name]!)
      expect(validated(decorator(), value)).toEqual({ [constraint]: `field ${sentence}` });
  });

  it.each(decorators)('%s looks at each value of a list', (name, decorator) => {
    const [right, bad] = [decorator.field.examples[0], wrong[name]![0]];
    expect(validated(decorator({ each: true }), [right, right])).toEqual({});
    const [[constraint, message]] = Object.entries(validated(decorator({ each: true }), [right, bad])) as [
      [string, string],
    ];
    expect(constraint).toBe(constraintName(decorator.field.rule));
    expect(message).toMatch(/^each value in field must be /);
  });

  it.each(decorators)('%s documents a pattern that is no stricter than the rule', (_, { field }) => {
    const pattern = new RegExp(field.pattern.source, 'u');
    expect(field.examples.filter((example) => !pattern.test(example))).toEqual([]);
    expect(field.pattern.source).toMatch(/^\^.*\$$/);
  });

  it('take the options of class-validator', () => {
    expect(validated(IsPersonalId({ message: 'no' }), '1')).toEqual({ isPersonalId: 'no' });
  });
});

class Parent {
  @IsPersonalId() id: string;
}

class Message extends Parent {
  @IsPartialDate() declare id: string;
  @IsDossierCode({ each: true }) dossiers: string[];
  @IsPersonName() @JSONSchema({ description: 'below' }) below: string;
  @IsPersonName() @JSONSchema((schema) => ({ ...schema, title: 'made' })) made: string;
  @JSONSchema({ description: 'above' }) @IsOptional() @IsPersonalId() above?: string;
}

describe('JSON Schema', () => {
  const options = { classValidatorMetadataStorage: getMetadataStorage() };
  const properties = targetConstructorToSchema(Message, options).properties as Record<string, object>;
  const { description, ...name } = fieldSchema(vietnam.IsPersonName.field);

  it('comes from the one decorator', () => {
    expect(targetConstructorToSchema(Parent, options)).toMatchObject({
      properties: {
        id: {
          type: 'string',
          pattern: '^[0-9]{12}$',
          description: expect.stringContaining('số định danh cá nhân') as string,
          examples: ['031090123456'],
        },
      },
      required: ['id'],
    });
  });

  it('of a list describes its items', () => {
    const { examples, ...items } = fieldSchema(IsDossierCode.field);
    expect(properties['dossiers']).toMatchObject({ type: 'array', items: { ...items, examples } });
    expect(properties['dossiers']).not.toHaveProperty('pattern');
  });

  it('keeps what the author says below the decorator', () => {
    expect(properties['below']).toMatchObject({ ...name, description: 'below' });
    expect(properties['made']).toMatchObject({ ...name, description, title: 'made' });
  });

  it('is of the class that declares the field anew, not of its parent', () => {
    expect(properties['id']).toMatchObject(fieldSchema(IsPartialDate.field));
  });

  it('joins what the author says above, with the converters', () => {
    const all = targetConstructorToSchema(Message, { ...options, additionalConverters: vietnamSchemas });
    expect(all.properties!['above']).toMatchObject({ pattern: '^[0-9]{12}$', description: 'above' });
    expect(all.properties!['dossiers']).toEqual({ type: 'array', items: fieldSchema(IsDossierCode.field) });
  });
});

describe('rules', () => {
  it('have a sentence in two languages under the parser’s and the decorator’s name', () => {
    for (const rule of Object.keys(ruleTable)) {
      expect(vietnamRules[rule]).toEqual({ en: expect.stringMatching(/^must /), vi: expect.stringMatching(/^phải /) });
      expect(vietnamRules[`is-${rule}`]).toBe(vietnamRules[rule]);
    }
    for (const [name] of decorators) expect(vietnamRules).toHaveProperty(kebab(name).slice(1));
  });

  it('become an error of the bus that does not quote the value', () => {
    expect(valueOrThrow(parsePersonalId('031090123456'), 'internal')).toMatchObject({ birthYear: 1990 });
    const fail = (): unknown => valueOrThrow(parsePersonalId('0310901234567'), 'upstream-invalid');
    expect(fail).toThrow(new BusError('upstream-invalid', { detail: ruleTable['personal-id'] }));
    expect(fail).not.toThrow(/0310901234567/);
  });
});

describe('docs/vietnam.md', () => {
  it.each(decorators.map(([name]) => name))('names %s', (name) => {
    expect(page).toContain(`\`@${name}\``);
  });

  it.each(Object.keys(ruleTable))('names the rule %s', (rule) => {
    expect(page).toContain(`\`${rule}\``);
  });

  it.each(dateForms)('names the form %s', (form) => {
    expect(page).toContain(`\`${form}\``);
  });
});
