// The typed client, and what every answer of the service has in common.
import createClient from "openapi-fetch";
import type { components, paths } from "./openapi";
import { authorised } from "./session";

declare const API: string;
export const API_URL = API;

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

const settings = { baseUrl: API, headers: { "Accept-Language": "vi" } };
/** Without a token: what everybody may read, and signing in itself. */
export const open = createClient<paths>(settings);
/** With the token of whoever is signed in. */
export const api = createClient<paths>({ ...settings, fetch: authorised });

/** What the service refused. `message` is its own sentence, in the language that was asked for. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
    readonly retryAfter: number | null,
  ) {
    super(problem?.detail || problem?.title || "Dịch vụ không trả lời được. Hãy thử lại sau.");
  }
}

/** What the service could not finish, in its own words. */
export class Unfinished extends Error {}

/** The JSON of a good answer, where a file (a text) was not asked for; throws a [`Refusal`] for any other. */
export function told<T>(answer: { data?: T; error?: unknown; response: Response }): Exclude<T, string> {
  const { response } = answer;
  if (response.ok) return answer.data as Exclude<T, string>;
  // A proxy in between answers with a page of its own: then there is no problem document to read.
  const problem = response.headers.get("Content-Type")?.startsWith("application/problem+json") ? (answer.error as Problem) : undefined;
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  throw new Refusal(response.status, problem, Number.isNaN(seconds) ? null : seconds);
}

/** What to tell a person about a failure. */
export function sentence(failure: unknown): string {
  if (failure instanceof Refusal) {
    return failure.retryAfter === null ? failure.message : `${failure.message} Thử lại sau ${failure.retryAfter} giây.`;
  }
  if (failure instanceof Unfinished) return failure.message;
  // fetch throws a TypeError where there is no answer at all.
  if (failure instanceof TypeError) return "Không kết nối được với máy chủ. Hãy kiểm tra mạng rồi thử lại.";
  throw failure;
}

/** A write says which version it is meant for; the service refuses it (412) if somebody was faster. */
export const ifMatch = (version: number) => ({ "If-Match": `"${version}"` });
