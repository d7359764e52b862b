/**
 * Cheaper counts of months. Their keys begin with what tells most rows apart: a row is then found by comparing two or three
 * values and not all nine, and rows that are written in this order lie beside each other. And whoever writes counts and knows
 * their sums as well says so (`set local lgsp.month_sums = 'given'`) and writes both: then the database does not derive the
 * sums once more. For everybody else it does, as before.
 */
const keys = {
  rollup_month: 'month, procedure, agency, operation, client, outcome, system, environment, final',
  rollup_month_services: 'month, procedure, operation, client, outcome, system, environment',
  rollup_month_agencies: 'month, agency, client, system, environment',
};

const events = {
  insert: 'new table as new_rows',
  update: 'new table as new_rows old table as old_rows',
  delete: 'old table as old_rows',
};

export const monthSums = [
  ...Object.entries(keys).map(
    ([table, key]) => `alter table ${table} drop constraint ${table}_pkey, add primary key (${key});`,
  ),
  ...Object.entries(events).map(
    ([event, transition]) => `
drop trigger summarize_${event} on rollup_month;
create trigger summarize_${event} after ${event} on rollup_month referencing ${transition} for each statement
  when (current_setting('lgsp.month_sums', true) is distinct from 'given')
  execute function rollup_month_${event}();`,
  ),
].join('\n');
