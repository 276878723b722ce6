// What the plan says: goals, printed targets, indicators. It hardly ever changes, so it is read once for all screens.
import { open, told, type Schemas } from "./api";

declare const PLAN: string;

/** The plan that this front-end is for, by its code. An installation may hold several: one of each ward, one of the province. */
export const plan = PLAN;

let kept: Schemas["Outline"] | null = null;

/** The plan as a tree. */
export async function readPlan(id: string): Promise<Schemas["Outline"]> {
  // Not of one period: a year asks only its annual indicators, though its results hold the quarterly and monthly ones too.
  if (kept?.id !== id) kept = told(await open.GET("/api/v1/plans/{id}/outline", { params: { path: { id } } }));
  return kept;
}
