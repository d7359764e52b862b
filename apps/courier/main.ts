import { runProcess } from '#lgsp/kit';
import { startCourier } from './courier';
import { CourierConfig } from './courier.config';

void runProcess('courier', CourierConfig, startCourier);
