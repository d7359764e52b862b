import { applyDecorators } from '@nestjs/common';
import { IsInt, IsString, IsUrl, Matches, Max, Min, MinLength } from 'class-validator';
import { Env } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';

const Path = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^\/[\w./-]{0,200}$/));

const CodeList = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^[\w-]{1,30}$/, { each: true }));

const Parameter = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^[\w.]{1,40}$/));

export class VnpostConfig extends ConnectorConfig {
  @Env('LGSP_VNPOST_BASE_URL', { describe: 'address of the façade before the postal service' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Env('LGSP_VNPOST_CONSUMER_KEY', { describe: 'consumer key of the façade' })
  @IsString()
  @MinLength(1)
  consumerKey: string;

  @Env('LGSP_VNPOST_CONSUMER_SECRET', { describe: 'consumer secret that belongs to the key', secret: true })
  @IsString()
  @MinLength(1)
  consumerSecret: string;

  @Env('LGSP_VNPOST_CUSTOMER_CODE', { describe: 'customer code that VNPost gave to the province' })
  @IsString()
  @MinLength(1)
  customerCode: string;

  @Env('LGSP_VNPOST_CALLBACK_SECRET', {
    describe:
      'secret that VNPost shows with what it tells by itself, as a Bearer token; none is believed when left out',
    secret: true,
  })
  @IsString()
  callbackSecret: string = '';

  @Path('LGSP_VNPOST_TOKEN_PATH', 'where a token is asked for')
  tokenPath: string = '/token';

  @Path('LGSP_VNPOST_ORDER_PATH', 'where an order is placed')
  orderPath: string = '/apiVNPostNGSP/p1.0/order/post';

  @Path('LGSP_VNPOST_CANCEL_PATH', 'where an order is cancelled')
  cancelPath: string = '/apiVNPostNGSP/p1.0/order/cancel';

  @Path('LGSP_VNPOST_TRACKING_PATH', 'where status records are read')
  trackingPath: string = '/apiVNPostNGSP/p1.0/order/tracking';

  @Parameter('LGSP_VNPOST_ORDER_FILTER', 'parameter that asks for the records of one order; none reads all records')
  orderFilter: string = 'orderNumber';

  @Parameter('LGSP_VNPOST_ITEM_FILTER', 'parameter that asks for one tracking number; none reads all records')
  itemFilter: string = 'itemCode';

  @Env('LGSP_VNPOST_PAGE_RECORDS', { describe: 'status records asked for at once' })
  @IsInt()
  @Min(1)
  @Max(1_000)
  pageRecords: number = 100;

  @Env('LGSP_VNPOST_PAGES_MAX', { describe: 'most pages of records that are read for one question' })
  @IsInt()
  @Min(1)
  @Max(1_000)
  pagesMax: number = 20;

  @CodeList('LGSP_VNPOST_SUCCESS_CODES', 'result codes that say that it is done')
  successCodes: string[] = ['1'];

  @CodeList('LGSP_VNPOST_NOT_FOUND_CODES', 'result codes that say that there is no such order')
  notFoundCodes: string[] = ['2'];

  @CodeList('LGSP_VNPOST_ALREADY_CANCELLED_CODES', 'result codes that say that the order was cancelled before')
  alreadyCancelledCodes: string[] = ['3'];

  @CodeList('LGSP_VNPOST_CREDENTIAL_CODES', 'result codes that say that the customer code is wrong')
  credentialCodes: string[] = ['8'];

  @CodeList('LGSP_VNPOST_FAULT_CODES', 'result codes that say that VNPost itself failed')
  faultCodes: string[] = ['99'];

  @CodeList('LGSP_VNPOST_STATUS_REQUESTED', 'status codes of an order that is requested')
  requestedStatuses: string[] = ['1'];

  @CodeList('LGSP_VNPOST_STATUS_SENT', 'status codes of an order that the post carries')
  sentStatuses: string[] = ['2'];

  @CodeList('LGSP_VNPOST_STATUS_RECEIVED', 'status codes of an order that has arrived')
  receivedStatuses: string[] = ['3'];

  @CodeList('LGSP_VNPOST_STATUS_CANCELLED', 'status codes of an order that is cancelled')
  cancelledStatuses: string[] = ['4'];

  @Env('LGSP_VNPOST_PROVINCES', {
    describe: "additions and corrections to the table of provinces: statistics code = VNPost's code, such as 31=18",
  })
  @Matches(/^\d{2}=\d{1,4}$/, { each: true })
  provinces: string[] = [];

  @Env('LGSP_VNPOST_DISTRICTS', {
    describe: "the same for districts, with their provinces: 31/303=18/1810 (VNPost's on the right)",
  })
  @Matches(/^\d{2}\/\d{3}=\d{1,4}\/\d{1,6}$/, { each: true })
  districts: string[] = [];
}
