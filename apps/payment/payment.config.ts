import { applyDecorators } from '@nestjs/common';
import { IsInt, IsString, IsUrl, Matches, Max, Min, MinLength, ValidateIf } from 'class-validator';
import { Env } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';

/** A text that is sent as it stands. Fields are joined by `|` before they are hashed, so none may hold one. */
const Code = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^[^|]{1,50}$/));

const Path = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^\/[\w./-]{0,200}$/));

const CodeList = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), IsString({ each: true }));

export class PaymentConfig extends ConnectorConfig {
  @Env('LGSP_PAYMENT_BASE_URL', { describe: 'address of the payment platform, or of the façade before it' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Code('LGSP_PAYMENT_PARTNER_CODE', 'MaDoiTac: partner code given to the province')
  partnerCode: string;

  @Env('LGSP_PAYMENT_SECRET', { describe: 'secret that ends what MaXacThuc hashes', secret: true })
  @IsString()
  @MinLength(1)
  secret: string;

  @Env('LGSP_PAYMENT_CONSUMER_KEY', { describe: 'consumer key of the façade; no token is asked for without it' })
  @IsString()
  consumerKey: string = '';

  @Env('LGSP_PAYMENT_CONSUMER_SECRET', { describe: 'consumer secret that belongs to the key', secret: true })
  @ValidateIf(({ consumerKey }: PaymentConfig) => consumerKey !== '')
  @IsString()
  @MinLength(1)
  consumerSecret?: string;

  @Path('LGSP_PAYMENT_TOKEN_PATH', 'where a token is asked for')
  tokenPath: string = '/token';

  @Path('LGSP_PAYMENT_INIT_PATH', 'where a payment is opened')
  initPath: string = '/paymentPlatform/1.0/init';

  @Path('LGSP_PAYMENT_STATUS_PATH', 'where the status of a payment is asked for')
  statusPath: string = '/paymentPlatform/1.0/query';

  @Path('LGSP_PAYMENT_RECEIPT_PATH', 'where a receipt is fetched')
  receiptPath: string = '/paymentPlatform/1.0/getBill';

  @Code('LGSP_PAYMENT_INIT_TYPE', 'LoaiBanTin of a new payment')
  initType: string = 'INIT';

  @Code('LGSP_PAYMENT_STATUS_TYPE', 'LoaiBanTin of a status question')
  statusType: string = 'QUERY';

  @Code('LGSP_PAYMENT_RECEIPT_TYPE', 'LoaiBanTin of a receipt question')
  receiptType: string = 'GET_BILL';

  @Code('LGSP_PAYMENT_CONFIRMATION_TYPE', 'LoaiBanTin of the confirmation that the platform sends')
  confirmationType: string = 'CONFIRM';

  @Code('LGSP_PAYMENT_PROTOCOL_VERSION', 'PhienBan: version of the protocol')
  protocolVersion: string = '1.0.6';

  @Code('LGSP_PAYMENT_KIND', 'LoaiHinhThanhToan: kind of payment')
  paymentKind: string = 'PAY';

  @Code('LGSP_PAYMENT_CHANNEL', 'MaKenhThanhToan: channel of payment')
  channel: string = '1';

  @Code('LGSP_PAYMENT_DEVICE', 'MaThietBi: device')
  device: string = '1';

  @Code('LGSP_PAYMENT_LANGUAGE', 'NgonNgu: language of the payment page')
  pageLanguage: string = 'vi-VN';

  @Code('LGSP_PAYMENT_BANK', 'MaNganHang: bank, or the value that lets the payer choose')
  bank: string = 'PAYMENT';

  @Code('LGSP_PAYMENT_IP', 'Ip: address under which the platform knows the province')
  ip: string = '127.0.0.1';

  @Code('LGSP_PAYMENT_SERVICE_KIND', 'MaDichVu: 2 is an administrative procedure')
  serviceKind: string = '2';

  @Code('LGSP_PAYMENT_FEE_CODE', 'LoaiPhiLePhi of a fee (phí)')
  feeCode: string = 'Phi';

  @Code('LGSP_PAYMENT_CHARGE_CODE', 'LoaiPhiLePhi of a charge (lệ phí)')
  chargeCode: string = 'LePhi';

  @CodeList('LGSP_PAYMENT_NOT_FOUND_CODES', 'codes that say that there is no such payment')
  notFoundCodes: string[] = ['01'];

  @CodeList('LGSP_PAYMENT_CREDENTIAL_CODES', 'codes that say that MaXacThuc or MaDoiTac is wrong')
  credentialCodes: string[] = ['97'];

  @CodeList('LGSP_PAYMENT_FAULT_CODES', 'codes that say that the platform itself failed')
  faultCodes: string[] = ['99'];

  @Env('LGSP_PAYMENT_RECEIPT_BYTES_MAX', { describe: 'largest receipt; in base64 it must fit into a bus message' })
  @IsInt()
  @Min(1_024)
  @Max(5_000_000)
  receiptBytesMax: number = 700_000;
}
