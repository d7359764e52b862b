import { nowInVietnam } from '#lgsp/vietnam';

/** Hours of every day in which an outside system is not to be called. */
export class MaintenanceWindow {
  private readonly from: number;
  private readonly to: number;

  /** @param text hours of Vietnam, `22:00-05:00`; over midnight when the second is the earlier one */
  constructor(text: string) {
    const [from, to] = text.split('-').map(minutesOf);
    this.from = from!;
    this.to = to!;
  }

  /** Epoch milliseconds at which it ends; undefined outside of it. */
  endAt(now: number): number | undefined {
    const clock = nowInVietnam(new Date(now)).slice(11, 19);
    const minutes = minutesOf(clock);
    const within =
      this.from <= this.to ? minutes >= this.from && minutes < this.to : minutes >= this.from || minutes < this.to;
    if (!within) return undefined;
    const left = (this.to - minutes + minutesOfDay) % minutesOfDay;
    return now + left * minuteMs - Number(clock.slice(6, 8)) * 1_000;
  }
}

const minuteMs = 60_000;
const minutesOfDay = 1_440;

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours! * 60 + minutes!;
}
