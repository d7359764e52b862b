import { book } from './book.dashboard';
import { client } from './client.dashboard';
import { connection } from './connection.dashboard';
import type { DashboardSpec } from './dashboard';
import { overview } from './overview.dashboard';
import { platform } from './platform.dashboard';

/** Every dashboard, in the order in which an operator asks: what is sick, which, whose, is it written down, on what it stands. */
export const dashboards: readonly DashboardSpec[] = [overview, connection, client, book, platform];

/** Metrics that are on no panel, and why. */
export const notShown: Readonly<Record<string, string>> = {};
