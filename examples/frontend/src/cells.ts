// The cells of an item of the form: the total and its parts, between what the API says and what a person types.
import type { Schemas } from "./api";
import { asTyped, typedNumber } from "./words";

type Item = Schemas["FormItem"];
export type Input = Schemas["FormInput"];

export interface Cell {
  indicator: string;
  disaggregation: Record<string, string>;
  name: string;
  inputs: Input[];
  given: Schemas["ReportObservation"] | undefined;
}

const FIGURES = ["numerator", "denominator", "answer"];
export const isFigure = ({ field }: Input): boolean => FIGURES.includes(field);

const REMARKS: Input[] = [
  { field: "not_applicable", label: "Lý do không áp dụng (nếu chỉ tiêu không thuộc phạm vi của đơn vị)", type: "text", required: false, integer: false, unit_of_measure: null, values: null },
  { field: "note", label: "Ghi chú, giải trình", type: "text", required: false, integer: false, unit_of_measure: null, values: null },
];

/** The id of a field on the page. */
export function key(cell: Cell, field: string): string {
  return [cell.indicator, ...Object.entries(cell.disaggregation).flat(), field].join("-");
}

/** The total first; then the parts that are expected, or have been filled in by other means. */
export function cellsOf(item: Item): Cell[] {
  const find = (part: Record<string, string>) => item.observations.find(({ disaggregation }) => same(disaggregation, part));
  const total: Cell = { indicator: item.indicator.code, disaggregation: {}, name: "Tổng số", inputs: [...item.inputs, ...REMARKS], given: find({}) };
  const parts = item.dimensions.flatMap((dimension) => dimension.values.flatMap((value): Cell[] => {
    const disaggregation = { [dimension.code]: value.code };
    const given = find(disaggregation);
    if (!dimension.expected && !given) return [];
    return [{ indicator: item.indicator.code, disaggregation, name: value.name, inputs: item.inputs.filter(isFigure), given }];
  }));
  return [total, ...parts];
}

const same = (a: Record<string, string>, b: Record<string, string>) =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);

/** What the service holds of a field, as it would be typed. */
export function stored({ given }: Cell, field: string): string {
  if (!given) return "";
  const value: unknown = field.startsWith("extra.") ? given.extra?.[field.slice(6)] : given[field as keyof typeof given];
  return value === null || value === undefined ? "" : typeof value === "number" ? asTyped(value) : String(value);
}

/** What was typed into a field, as the service takes it; `undefined` for what is no number. */
export function parsed(input: Input, typed: string): unknown {
  const text = typed.trim();
  if (text === "") return null;
  if (input.type === "boolean") return text === "true";
  if (input.type === "number") return typedNumber(text) ?? undefined;
  return text;
}

/** A cell as it is sent: whole, for what is left out would be emptied. One without anything in it is removed. */
export function toSend(cell: Cell, typed: (field: string) => string): Schemas["CellIn"] {
  const named = { indicator: cell.indicator, disaggregation: cell.disaggregation };
  const values = cell.inputs.map((input): [string, unknown] => [input.field, parsed(input, typed(input.field))]);
  if (values.every(([, value]) => value === null)) return { ...named, delete: true };
  // What the form has no field for stays as it was.
  const { status, note, not_applicable, extra } = cell.given ?? {};
  const sent: Record<string, unknown> = { status, note, not_applicable };
  const further: Record<string, unknown> = { ...extra };
  for (const [field, value] of values) {
    if (!field.startsWith("extra.")) sent[field] = value;
    else if (value === null) delete further[field.slice(6)];
    else further[field.slice(6)] = value;
  }
  return { ...named, ...sent, ...(Object.keys(further).length > 0 && { extra: further }) };
}
