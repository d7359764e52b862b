import { runProcess } from '#lgsp/kit';
import { startGateway } from './gateway';
import { GatewayConfig } from './gateway.config';

void runProcess('gateway', GatewayConfig, startGateway);
