import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { IsIdentityNumber, IsPartialDate, IsPersonName } from '#lgsp/vietnam';

/** Who is asked about: a number, and the name and birth date that the citizen gave, which must all agree. */
export class CitizenQuestion {
  @IsIdentityNumber()
  identityNumber: string;

  @IsPersonName()
  fullName: string;

  @IsPartialDate()
  birthDate: string;
}

export class CitizenVerification {
  @JSONSchema({ description: 'true when a citizen with this number, name and birth date is in the database' })
  @IsBoolean()
  verified: boolean;
}

export class PersonName {
  @IsString() @MaxLength(60) family: string;
  @IsString() @MaxLength(100) middle: string;
  @IsString() @MaxLength(60) given: string;
}

export class Parent {
  @IsOptional() @IsIdentityNumber() identityNumber?: string;
  @IsOptional() @IsString() fullName?: string;
}

export class Citizen {
  @IsIdentityNumber()
  personalId: string;

  @JSONSchema({ description: 'The old number of nine digits, where the database has one' })
  @IsOptional()
  @IsIdentityNumber()
  oldIdentityNumber?: string;

  @ValidateNested()
  @Type(() => PersonName)
  name: PersonName;

  @IsPersonName()
  fullName: string;

  @IsPartialDate()
  birthDate: string;

  @IsOptional()
  @IsIn(['male', 'female'])
  sex?: 'male' | 'female';

  @IsOptional()
  @ValidateNested()
  @Type(() => Parent)
  father?: Parent;

  @IsOptional()
  @ValidateNested()
  @Type(() => Parent)
  mother?: Parent;

  @JSONSchema({ description: 'As of when the database holds this, ISO 8601' })
  @IsOptional()
  @IsString()
  asOf?: string;
}
