// What the plan says: goals, printed targets, indicators, units. It hardly ever changes, so it is read once for all screens.
import { open, told, type Schemas } from "./api";

declare const PLAN: string;

/** The plan that this front-end is for, by its code. An installation may hold several: one of each ward, one of the province. */
export const plan = PLAN;

let kept: Schemas["Outline"] | null = null;

/** The plan as a tree. With a year: in the words and with the targets that the year was reported by. */
export async function readPlan(id: string, period?: string): Promise<Schemas["Outline"]> {
  kept = told(await open.GET("/api/v1/plans/{id}/outline", { params: { path: { id }, query: { period } } }));
  return kept;
}

/** The names of the units, by id. */
export async function unitNames(id: string): Promise<Map<string, string>> {
  const { units } = kept?.id === id ? kept : await readPlan(id);
  return new Map(units.map((unit) => [unit.id, unit.name.vi]));
}
