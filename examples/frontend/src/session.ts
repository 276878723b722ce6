// Who is signed in. The access token is in memory only; the refresh token is kept for this tab, so that a reload signs nobody out.
import { open, api, told, type Schemas } from "./api";

const KEPT = "binhdang.refresh";

export type Me = Schemas["MeOut"];
let access: string | null = null;
let renewing: Promise<boolean> | null = null;
export let me: Me | null = null;

function take(tokens: Schemas["Tokens"] | null): void {
  access = tokens?.access_token ?? null;
  if (tokens) sessionStorage.setItem(KEPT, tokens.refresh_token);
  else sessionStorage.removeItem(KEPT);
}

export async function signIn(username: string, password: string): Promise<void> {
  take(told(await open.POST("/api/v1/auth/login", { body: { username, password } })));
  me = told(await api.GET("/api/v1/me"));
}

/** Signs in again after a reload, if this tab kept a session. */
export async function resume(): Promise<void> {
  if (await renew()) me = told(await api.GET("/api/v1/me"));
}

export async function signOut(): Promise<void> {
  const refresh_token = sessionStorage.getItem(KEPT);
  take(null);
  me = null;
  if (refresh_token) await open.POST("/api/v1/auth/logout", { body: { refresh_token } });
}

/** Whether an operation of the document is open to whoever is signed in: screens go by this, not by names of roles. */
export const may = (operation: string): boolean => me?.permissions.includes(operation) ?? false;

/** Gets new tokens, once for however many requests wait for them: a refresh token is good once. */
function renew(): Promise<boolean> {
  renewing ??= (async () => {
    const refresh_token = sessionStorage.getItem(KEPT);
    if (!refresh_token) return false;
    const { data, response } = await open.POST("/api/v1/auth/refresh", { body: { refresh_token } });
    // Only a refusal ends the session: a busy service (429, 503) is asked again by the next request.
    if (data || response.status === 401) take(data ?? null);
    return Boolean(data);
  })().finally(() => (renewing = null));
  return renewing;
}

/** `fetch` with the token; one that has run out (401) is renewed, and the request sent once more. */
export async function authorised(request: Request): Promise<Response> {
  const again = request.clone();
  const sent = access;
  const answer = await send(request);
  if (answer.status !== 401) return answer;
  // Another request may have renewed it meanwhile.
  if (access === sent && !(await renew())) {
    if (!sessionStorage.getItem(KEPT)) {
      me = null;
      dispatchEvent(new Event("signed-out"));
    }
    return answer;
  }
  return send(again);
}

function send(request: Request): Promise<Response> {
  if (access) request.headers.set("Authorization", `Bearer ${access}`);
  return fetch(request);
}
