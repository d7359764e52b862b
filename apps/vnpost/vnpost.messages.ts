import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { IsIdentityNumber, IsProvinceCode, IsVietnamesePhone } from '#lgsp/vietnam';

export const orderStates = ['requested', 'sent-to-post', 'received', 'cancelled'] as const;
export type OrderState = (typeof orderStates)[number];

export const trackingWarnings = ['s10-check-digit', 'not-s10', 'unknown-status-code'] as const;
export type TrackingWarning = (typeof trackingWarnings)[number];

export const orderNumberPattern = /^[A-Za-z0-9][A-Za-z0-9._/-]{5,99}$/;

/** Where the postman comes: at the citizen's home, or at the agency. */
export class Party {
  @JSONSchema({ description: 'A person or an agency' }) @IsString() @MinLength(1) @MaxLength(200) name: string;
  @IsVietnamesePhone() phone: string;
  @IsOptional() @IsEmail() @MaxLength(100) email?: string;

  @JSONSchema({ description: 'House, street and commune' })
  @IsString()
  @MinLength(1)
  @MaxLength(250)
  address: string;

  @JSONSchema({ description: 'Province code of the statistics catalogue, also one that was merged in 2025' })
  @IsProvinceCode()
  provinceCode: string;

  @JSONSchema({ description: 'District code of the statistics catalogue as of 30/6/2025, where it is known' })
  @IsOptional()
  @Matches(/^\d{3}$/)
  districtCode?: string;
}

/** An order for the dossier and agency of the call's context. */
export class NewOrder {
  @JSONSchema({
    description: 'collect-dossier: papers from the citizen to the agency (thu gom); deliver-result: back (trả kết quả)',
  })
  @IsIn(['collect-dossier', 'deliver-result'])
  direction: 'collect-dossier' | 'deliver-result';

  @IsObject() @ValidateNested() @Type(() => Party) sender: Party;
  @IsObject() @ValidateNested() @Type(() => Party) receiver: Party;
  @IsString() @MinLength(1) @MaxLength(250) agencyName: string;
  @IsString() @MinLength(1) @MaxLength(500) procedureName: string;

  @JSONSchema({ description: 'The papers that are carried (thành phần hồ sơ)' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(200, { each: true })
  items: string[];

  @JSONSchema({ description: 'What the postman collects in cash, in whole đồng; 0 when left out' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(50_000_000)
  codAmount?: number;

  @JSONSchema({ description: "The citizen's, by which the postman knows who stands at the door" })
  @IsOptional()
  @IsIdentityNumber()
  applicantIdentityNumber?: string;

  @IsOptional() @IsString() @MinLength(1) @MaxLength(500) note?: string;
}

export class OrderReceipt {
  @JSONSchema({ description: 'The dossier code and a part made of the idempotency key' })
  @Matches(orderNumberPattern)
  orderNumber: string;

  @IsIn(orderStates) state: OrderState;

  @JSONSchema({ description: 'Once VNPost has given one' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  trackingNumber?: string;
}

export class OrderQuestion {
  @JSONSchema({ description: 'As create-order answered it' }) @Matches(orderNumberPattern) orderNumber: string;
}

export class TrackingQuestion {
  @JSONSchema({ description: 'Which of the two numbers is given' })
  @IsIn(['order-number', 'tracking-number'])
  by: 'order-number' | 'tracking-number';

  @JSONSchema({ description: 'A tracking number with a wrong check digit is looked for, and warned of' })
  @Matches(orderNumberPattern)
  number: string;
}

export class TrackingEvent {
  @JSONSchema({ description: 'ISO 8601' }) @IsString() at: string;
  @JSONSchema({ description: 'Missing when VNPost gave a code that is not known here' })
  @IsOptional()
  @IsIn(orderStates)
  state?: OrderState;
  @JSONSchema({ description: "VNPost's own code" }) @IsString() statusCode: string;
  @JSONSchema({ description: "VNPost's own words" }) @IsOptional() @IsString() text?: string;
}

export class OrderTracking extends OrderReceipt {
  @JSONSchema({ description: 'Oldest first, the last hundred' })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TrackingEvent)
  events: TrackingEvent[];

  @JSONSchema({
    description:
      's10-check-digit, not-s10: the tracking number may be mistyped or domestic; unknown-status-code: state is that of the ' +
      'last event that is understood',
  })
  @IsArray()
  @IsIn(trackingWarnings, { each: true })
  warnings: TrackingWarning[];
}
