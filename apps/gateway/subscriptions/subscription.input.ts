import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { eventTypes, type EventType } from '#lgsp/events';

/** An address without user, password and fragment. Whether the network lets it be reached is the courier's affair. */
const address = /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:\/[^\s#]*)?$/;

/** What a client says of a subscription. */
export class SubscriptionInput {
  /** Where events are sent with `POST`. */
  @IsString()
  @MaxLength(500)
  @Matches(address)
  url: string;

  /** Only these; all when left out. */
  @IsOptional()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsIn(eventTypes, { each: true })
  types?: EventType[];

  @IsOptional()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(/^[a-z][a-z0-9-]{0,63}$/, { each: true })
  systems?: string[];

  /** Of a new one: the cursor after which it begins; with what happens from now on when left out. */
  @IsOptional()
  @Matches(/^[0-9]{1,15}$/)
  after?: string;

  /** Makes a new secret: the one before is of no use at once. */
  @IsOptional()
  @IsBoolean()
  rotateSecret?: boolean;
}

export class RedeliveryInput {
  /** The cursor after which everything is sent again. */
  @Matches(/^[0-9]{1,15}$/)
  after: string;
}
