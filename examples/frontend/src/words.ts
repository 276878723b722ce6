// Words for the API's codes, and numbers and times as an officer writes them.
import type { Schemas } from "./api";

export const OUTCOMES: Record<Schemas["Outcome"], string> = {
  exceeded: "Đạt và vượt",
  achieved: "Đạt",
  partly_achieved: "Đạt một phần",
  not_achieved: "Chưa đạt",
  no_cases: "Không phát sinh",
  not_reported: "Chưa báo cáo",
  not_applicable: "Không áp dụng",
  no_target: "Không có mức phấn đấu",
  suppressed: "Không công bố",
};

export const STATUSES: Record<Schemas["ReportStage"], string> = {
  draft: "Đang soạn",
  submitted: "Đã gửi",
  returned: "Bị trả lại",
  accepted: "Đã tiếp nhận",
  consolidated: "Đã tổng hợp",
};

const DIRECTIONS: Record<Schemas["Direction"], string> = {
  at_least: "từ # trở lên",
  at_most: "không quá #",
  below: "dưới #",
  exactly: "đúng #",
  maintain: "duy trì #",
};

const decimal = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 2 });

/** `60,53%`, `12,5/100.000 trẻ sinh sống`, `110,31 bé trai/100 bé gái`. */
export function amount(value: number, unit: string): string {
  return `${decimal.format(value)}${/^[%/]/.test(unit) ? "" : " "}${unit}`;
}

/** `2027`, `2026-Q3` and `2026-07` in words. */
export function periodName(label: string): string {
  const [year, rest] = label.split("-");
  if (!rest) return `năm ${label}`;
  return rest.startsWith("Q") ? `quý ${rest.slice(1)} năm ${year}` : `tháng ${Number(rest)} năm ${year}`;
}

export function yesNo(answer: boolean): string {
  return answer ? "Có" : "Không";
}

export function target(value: number | boolean, direction: Schemas["Direction"], unit: string): string {
  return typeof value === "boolean" ? yesNo(value) : DIRECTIONS[direction].replace("#", amount(value, unit));
}

const parts = new Intl.DateTimeFormat("vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

/** A deadline is the first instant that is too late: midnight means "trước ngày", the day itself no longer counts. */
export function deadline(instant: string): string {
  const part = Object.fromEntries(parts.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  const day = `ngày ${part["day"]}/${part["month"]}/${part["year"]}`;
  return part["hour"] === "00" && part["minute"] === "00" ? `trước ${day}` : `trước ${part["hour"]} giờ ${part["minute"]} ${day}`;
}

const time = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** `16 giờ 05`. */
export const clock = (instant: Date): string => time.format(instant).replace(":", " giờ ");

/**
 * The number that somebody typed: `1240`, `3,5`, `1 240`; `null` if it is none. `1.240` is refused: it is one thousand to one
 * person and one and a bit to another, and the import of the API refuses it for the same reason.
 */
export function typedNumber(typed: string): number | null {
  const plain = typed.replace(/\s/g, "");
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(plain) || !/^-?\d+([.,]\d+)?$/.test(plain)) return null;
  return Number(plain.replace(",", "."));
}

/** A number as it is typed. */
export const asTyped = (value: number): string => String(value).replace(".", ",");
