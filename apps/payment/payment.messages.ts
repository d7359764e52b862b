import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBase64,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { IsIdentityNumber } from '#lgsp/vietnam';

const referencePattern = /^\w{4,50}$/;

export class Fee {
  @JSONSchema({ description: 'fee (phí) or charge (lệ phí), as the Law on Fees and Charges tells them apart' })
  @IsIn(['fee', 'charge'])
  kind: 'fee' | 'charge';

  @IsString() @MinLength(1) @MaxLength(200) name: string;

  @JSONSchema({ description: 'In whole đồng' })
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  amount: number;
}

export class Payer {
  @JSONSchema({ description: 'A person or an organisation' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name: string;

  @IsOptional() @IsIdentityNumber() identityNumber?: string;
  @IsOptional() @IsString() @MaxLength(250) address?: string;
}

/** The account of the agency that collects. */
export class Beneficiary {
  @Matches(/^[0-9A-Z.-]{4,34}$/) accountNumber: string;
  @IsString() @MinLength(1) @MaxLength(200) accountName: string;
  @Matches(/^[0-9A-Za-z]{2,20}$/) bankCode: string;
}

/** What is to be paid for the dossier, procedure and agency of the call's context. */
export class NewPayment {
  @IsString() @MinLength(1) @MaxLength(1_000) procedureName: string;
  @IsString() @MinLength(1) @MaxLength(250) agencyName: string;
  @IsObject() @ValidateNested() @Type(() => Payer) payer: Payer;
  @IsObject() @ValidateNested() @Type(() => Beneficiary) beneficiary: Beneficiary;

  @JSONSchema({ description: 'The amount to pay is their sum' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => Fee)
  fees: Fee[];

  @JSONSchema({ description: 'What the payer reads; the dossier code when left out' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(250)
  description?: string;
}

export class OpenedPayment {
  @JSONSchema({ description: 'Names this attempt at the platform; a dossier may have several attempts' })
  @Matches(referencePattern)
  reference: string;

  @JSONSchema({
    description:
      'Where the payer pays. Missing when the answer of the platform was lost and the payment found again by its reference: ' +
      'the platform gives the address once',
  })
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  paymentUrl?: string;
}

export class PaymentQuestion {
  @JSONSchema({ description: 'As create-payment answered it' })
  @Matches(referencePattern)
  reference: string;
}

export class PaymentState {
  @Matches(referencePattern) reference: string;

  @JSONSchema({ description: 'pending is not failed: the platform does not know yet what the bank did; ask again' })
  @IsIn(['paid', 'pending', 'failed'])
  status: 'paid' | 'pending' | 'failed';

  @JSONSchema({ description: 'In whole units of the currency' })
  @IsOptional()
  @IsInt()
  amount?: number;

  @IsOptional() @IsString() currency?: string;
  @JSONSchema({ description: "The platform's own number of the transaction" })
  @IsOptional()
  @IsString()
  transactionNumber?: string;
  @JSONSchema({ description: 'The bank from which it was paid' }) @IsOptional() @IsString() bankCode?: string;
  @JSONSchema({ description: 'ISO 8601, only of what is paid' }) @IsOptional() @IsString() settledAt?: string;
}

export class Receipt {
  @Matches(referencePattern) reference: string;
  @IsIn(['application/pdf']) mediaType: 'application/pdf';
  @JSONSchema({ description: 'The file in base64' }) @IsBase64() content: string;
  @IsInt() sizeBytes: number;
  @JSONSchema({ description: 'SHA-256 of the file, lower-case hexadecimal' }) @Matches(/^[0-9a-f]{64}$/) sha256: string;
}
