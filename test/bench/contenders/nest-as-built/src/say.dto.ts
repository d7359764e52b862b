import { IsArray, IsISO8601, IsOptional, IsString, Length, Matches } from 'class-validator';

export class SayDto {
  @Matches(/^\d{12}$/)
  identityNumber: string;

  @IsString()
  @Length(1, 200)
  fullName: string;

  @IsISO8601()
  birthDate: string;

  @IsOptional()
  @IsArray()
  documents?: unknown[];
}
