// What was published of the last year, for everybody. Two calls: the figures, and the plan whose words go with them.
import { open, told, type Schemas } from "../api";
import { el, table, type Child } from "../dom";
import { plan, readPlan } from "../plan";
import { exporter } from "./export";
import { OUTCOMES, amount, target, yesNo } from "../words";

type Indicator = Schemas["IndicatorProgress"];

const COLUMNS = ["Chỉ tiêu", "Kết quả", "Mục tiêu", "Đánh giá", "Nữ và nam", "Đơn vị đã báo cáo"];
const HIDDEN = "Không công bố: số nhỏ, có thể làm lộ thông tin của từng người.";
// What is reported by the quarter or month has another unit over the year: the share of those that met their target.
const UNITS: Partial<Record<Schemas["Frequency"], string>> = { quarterly: "% số quý", monthly: "% số tháng" };
const SEXES: [string, string][] = [["female", "Nữ"], ["male", "Nam"]];

export async function dashboard(place: HTMLElement): Promise<void> {
  // Without `period` it is the last year that was published. Nobody's token is sent: signed-in people would get other figures.
  const progress = told(await open.GET("/api/v1/progress", { params: { query: { plan } } }));
  const year = progress.years.find(({ label }) => label === progress.period.label);
  if (!year || !progress.plan) {
    place.replaceChildren(el("h1", {}, "Kết quả thực hiện kế hoạch"), el("p", {}, "Chưa có năm nào được công bố."));
    return;
  }
  const outline = await readPlan(progress.plan.id);
  const figures = new Map(progress.indicators.map((row) => [row.indicator.id, row]));
  const goals = new Map(progress.goals.map((row) => [row.goal.id, row.result]));
  const printed = new Map(progress.plan_indicators.map((row) => [row.plan_indicator.id, row.result]));

  place.replaceChildren(
    el("h1", {}, `Kết quả thực hiện năm ${year.label}`),
    el("p", { class: "lead" }, outline.title.vi),
    exporter({ plan, period: year.label }, false),
    ...(progress.under_revision ? [el("p", { class: "notice" }, "Số liệu đã công bố của năm này đang được rà soát, sửa đổi.")] : []),
    ...outline.goals.map((goal) =>
      el("section", {},
        el("h2", {}, `Mục tiêu ${goal.ordinal}: lĩnh vực ${goal.field.vi}`),
        el("p", {}, "Đánh giá chung: ", outcome(goals.get(goal.id))),
        table("figures", `Các chỉ tiêu của mục tiêu ${goal.ordinal}`, COLUMNS, goal.plan_indicators.flatMap((item) => [
          [el("span", {}, `${item.label}: ${item.statement.vi} `, outcome(printed.get(item.id)))],
          ...item.indicators.flatMap(({ id, frequency }) => {
            const row = figures.get(id);
            return row ? [figure(row, UNITS[frequency] ?? row.unit_of_measure.vi)] : [];
          }),
        ])))),
  );
}

function figure(row: Indicator, unit: string): Child[] {
  return [
    `${row.indicator.code}. ${row.name.vi}`,
    row.suppressed ? HIDDEN
      : row.answer !== null ? yesNo(row.answer)
      : row.value !== null ? amount(row.value, unit)
      : "–",
    row.final_target === null ? "–" : target(row.final_target, row.direction, unit),
    outcome(row.result),
    sexes(row, unit),
    `${row.coverage.reported}/${row.coverage.expected}`,
  ];
}

function sexes(row: Indicator, unit: string): Child {
  const lines = SEXES.flatMap(([code, name]) => {
    const part = row.breakdowns.find(({ disaggregation }) => disaggregation["sex"] === code);
    if (!part || (part.value === null && !part.suppressed)) return [];
    return [el("div", {}, `${name}: ${part.suppressed ? "không công bố" : amount(part.value!, unit)}`)];
  });
  return lines.length > 0 ? el("div", {}, ...lines) : "–";
}

function outcome(result: Schemas["Outcome"] | undefined): Child {
  return result ? el("strong", { class: `outcome ${result}` }, OUTCOMES[result]) : null;
}
