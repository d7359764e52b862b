/**
 * What is read of the book: its counts, which hold no person and no dossier, in periods of Vietnam and without sandbox traffic.
 * For the eyes of operators; figures that are handed in come from the report, which knows of frozen months.
 */

const zone = `'Asia/Ho_Chi_Minh'`;
const today = `(now() at time zone ${zone})::date`;
const production = `environment = 'production'`;
const share = (part: string, all: string): string => `round(${part} / nullif(${all}, 0), 4)`;
const succeeded = `sum(count) filter (where outcome in ('succeeded', 'not-found'))`;

/** The first day of this half-year. */
const halfYear = `(date_trunc('year', ${today}) + case when extract(month from ${today}) > 6 then interval '6 months' else interval '0' end)::date`;

export const countToday = `select coalesce(sum(count), 0) as "Giao dịch" from rollup_day where ${production} and day = ${today}`;

export const countThisMonth = `select coalesce(sum(count), 0) as "Giao dịch" from rollup_day
where ${production} and day >= date_trunc('month', ${today})`;

export const successToday = `select ${share(succeeded, 'sum(count) filter (where final)')} as "Thành công"
from rollup_day where ${production} and day = ${today}`;

export const bySystem = `select system as "Hệ thống",
  coalesce(sum(count) filter (where day = ${today}), 0) as "Hôm nay",
  coalesce(sum(count) filter (where day = ${today} - 1), 0) as "Hôm qua",
  sum(count) as "Tháng này",
  ${share(succeeded, 'sum(count) filter (where final)')} as "Thành công",
  coalesce(sum(count) filter (where not final), 0) as "Đang mở"
from rollup_day
where ${production} and day >= least(date_trunc('month', ${today})::date, ${today} - 1)
group by system order by 4 desc`;

/** Whole months from the sums by month, the month that is under way from its days; the same of the year before. */
export const halfYearBySystem = `with period as (
  select ${halfYear} as first, date_trunc('month', ${today})::date as this_month, ${today} as today
), counted as (
  select system, month as day, count from rollup_month_services, period p
  where ${production} and (month >= p.first and month < p.this_month
    or month >= p.first - interval '1 year' and month < p.this_month - interval '1 year')
  union all
  select system, day, count from rollup_day, period p
  where ${production} and (day >= p.this_month and day <= p.today
    or day >= p.this_month - interval '1 year' and day <= p.today - interval '1 year')
), compared as (
  select system, coalesce(sum(count) filter (where day >= p.first), 0) as now,
    coalesce(sum(count) filter (where day < p.first), 0) as before
  from counted, period p group by system
)
select system as "Hệ thống", now as "Nửa năm nay", before as "Cùng kỳ năm trước",
  round(now / nullif(before, 0), 2) as "Gấp (lần)",
  round(100 * (now - before) / nullif(before, 0), 1) as "Tăng trưởng (%)"
from compared order by now desc`;

export const byHour = `select hour as time, system as metric, sum(count) as value from rollup_hour
where ${production} and $__timeFilter(hour) group by hour, system order by hour`;

export const ofClientThisMonth = `select system as "Hệ thống", sum(count) as "Giao dịch",
  coalesce(sum(count) filter (where outcome = 'succeeded'), 0) as "Thành công",
  coalesce(sum(count) filter (where outcome = 'not-found'), 0) as "Không có dữ liệu",
  coalesce(sum(count) filter (where outcome = 'rejected'), 0) as "Bị từ chối",
  coalesce(sum(count) filter (where outcome = 'failed'), 0) as "Lỗi hệ thống",
  coalesce(sum(count) filter (where outcome = 'timed-out'), 0) as "Quá thời hạn",
  coalesce(sum(count) filter (where not final), 0) as "Đang mở"
from rollup_day
where ${production} and client = '$client' and day >= date_trunc('month', ${today})
group by system order by 2 desc`;

export const frozenMonths = `select to_char(month, 'MM/YYYY') as "Tháng", frozen_at as "Chốt lúc", frozen_by as "Bởi"
from frozen_months where ${production} order by month desc`;

export const databaseSize = `select pg_database_size(current_database()) as "Dung lượng"`;

export const databaseConnections = `select count(*) as "Kết nối" from pg_stat_activity where datname = current_database()`;

export const databaseCache = `select round(blks_hit::numeric / nullif(blks_hit + blks_read, 0), 4) as "Trúng bộ đệm"
from pg_stat_database where datname = current_database()`;
