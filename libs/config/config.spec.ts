import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsInt, IsOptional, IsString, Max, MinLength } from 'class-validator';
import { ConfigError, describeConfig, Env, IsMap, loadConfig, ProcessConfig } from '.';

class Example extends ProcessConfig {
  @Env('EXAMPLE_PORT', { describe: 'a port' })
  @IsInt()
  @Max(65_535)
  port: number = 80;

  @Env('EXAMPLE_SECRET', { describe: 'a secret', secret: true })
  @IsString()
  @MinLength(8)
  secret: string;

  @Env('EXAMPLE_ON', { describe: 'a switch' })
  @IsOptional()
  on: boolean = false;

  @Env('EXAMPLE_LIST', { describe: 'a list' })
  @IsOptional()
  list: string[] = [];
}

const good = { EXAMPLE_SECRET: 'long-enough' };

describe('loadConfig', () => {
  it('keeps defaults, converts what is given, and freezes the result', () => {
    const config = loadConfig(Example, { ...good, EXAMPLE_PORT: '8080', EXAMPLE_ON: 'true', EXAMPLE_LIST: 'a, b' });
    expect(config).toMatchObject({ port: 8080, on: true, list: ['a', 'b'], logLevel: 'info' });
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
  });

  it('lists every fault at once, by variable', () => {
    const load = (): unknown =>
      loadConfig(Example, { EXAMPLE_PORT: '99999', EXAMPLE_ON: 'maybe', LGSP_LOG_LEVEL: 'loud' });
    expect(load).toThrow(ConfigError);
    try {
      load();
    } catch (error) {
      const variables = (error as ConfigError).faults.map((fault) => fault.split(':')[0]).toSorted();
      expect(variables).toEqual(['EXAMPLE_ON', 'EXAMPLE_PORT', 'EXAMPLE_SECRET', 'LGSP_LOG_LEVEL']);
    }
  });

  it('never shows the value of a secret', () => {
    expect(() => loadConfig(Example, { EXAMPLE_SECRET: 'hushhus' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hushhus') }),
    );
  });

  it('reads a secret from a file, and refuses it twice', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lgsp-config-'));
    const file = join(folder, 'secret');
    writeFileSync(file, 'from-a-file\n');
    expect(loadConfig(Example, { EXAMPLE_SECRET_FILE: file }).secret).toBe('from-a-file');
    expect(() => loadConfig(Example, { ...good, EXAMPLE_SECRET_FILE: file })).toThrow(/given twice/);
    rmSync(folder, { recursive: true });
  });

  it('says that a number is no number', () => {
    expect(() => loadConfig(Example, { ...good, EXAMPLE_PORT: 'eighty' })).toThrow(/EXAMPLE_PORT: must be a number/);
  });
});

it('describeConfig names variable, purpose and default, and marks secrets', () => {
  const lines = describeConfig(Example);
  expect(lines).toContainEqual({ variable: 'EXAMPLE_PORT', describe: 'a port', default: '80' });
  expect(lines.find(({ variable }) => variable === 'EXAMPLE_SECRET')?.describe).toContain('secret');
});

describe('IsMap', () => {
  class Mapped {
    @Env('EXAMPLE_CODES', { describe: 'codes by name' })
    @IsMap('a whole number for each', Number.isInteger, ['one', 'two'])
    codes: Record<string, number> = { one: 1, two: 2 };
  }
  const loaded = (text: string): unknown => loadConfig(Mapped, { EXAMPLE_CODES: text }).codes;

  it('takes an object with all the names and such values', () => {
    expect(loaded('{"two": 20, "one": 10}')).toEqual({ one: 10, two: 20 });
  });

  it.each(['{"one": 1}', '{"one": 1, "two": 2, "three": 3}', '{"one": 1, "two": "2"}', '[1, 2]', 'null', '7'])(
    'refuses %s',
    (text) => {
      expect(() => loaded(text)).toThrow(
        /EXAMPLE_CODES: must be a JSON object with a whole number for each: one, two .* — codes by name/,
      );
    },
  );
});
