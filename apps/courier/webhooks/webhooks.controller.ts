import { Controller, Inject } from '@nestjs/common';
import { IsString, Matches, MaxLength } from 'class-validator';
import { subscriptionName } from '#lgsp/events';
import { courierSubjects } from '#lgsp/jobs';
import { Topic } from '#lgsp/kit';
import type { WebhookResult } from './webhook.sender';
import { Webhooks } from './webhooks';

class TryRequest {
  @IsString() @MaxLength(40) client: string;
  @Matches(subscriptionName) name: string;
}

/** Subscriptions, as they are tried out over the bus. */
@Controller()
export class WebhooksController {
  constructor(@Inject(Webhooks) private readonly webhooks: Webhooks) {}

  @Topic(
    courierSubjects.tryWebhook,
    TryRequest,
    'Sends one message to the address of a subscription, and says what came of it',
  )
  try({ client, name }: TryRequest): Promise<WebhookResult> {
    return this.webhooks.try(client, name);
  }
}
