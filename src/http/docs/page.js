// Swagger UI with a sign-in form for people: the session is kept for this tab, renewed before it ends, and sent with every request.
"use strict";

const KEPT = "binhdang.session";
const element = (id) => document.getElementById(id);
let session = null;
let renewal = 0;

/** Asks the service; answers its status and what it said. */
async function ask(method, path, body, token) {
  const headers = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  return { ok: answer.ok, told };
}

function tell(text) {
  element("told").textContent = text;
}

/** Takes the tokens of a session, or none: shows it, and keeps it for the tab. */
function take(tokens) {
  clearTimeout(renewal);
  session = tokens && { access: tokens.access_token, refresh: tokens.refresh_token, until: Date.now() + tokens.expires_in * 1000 };
  if (session) {
    sessionStorage.setItem(KEPT, JSON.stringify(session));
    window.ui?.preauthorizeApiKey("bearer", session.access);
    plan();
  } else {
    sessionStorage.removeItem(KEPT);
    window.ui?.authActions.logout(["bearer"]);
  }
  show();
}

/** Renews the session a minute before its token ends. */
function plan() {
  renewal = setTimeout(renew, Math.max(0, session.until - Date.now() - 60_000));
}

async function renew() {
  try {
    const { ok, told } = await ask("POST", "/api/v1/auth/refresh", { refresh_token: session.refresh });
    if (!ok) tell("Phiên làm việc đã hết. Hãy đăng nhập lại. (The session has ended: sign in again.)");
    take(ok ? told : null);
  } catch {
    // Without a network it is tried again.
    renewal = setTimeout(renew, 10_000);
  }
}

async function show() {
  element("sign-in").hidden = Boolean(session);
  element("signed-in").hidden = !session;
  if (!session) return;
  const { ok, told } = await ask("GET", "/api/v1/me", null, session.access);
  if (!ok) return;
  const grants = (told.grants || []).map((g) => [g.role, g.unit ? g.unit.code : g.jurisdiction].filter(Boolean).join(" "));
  if (told.must_change_password) tell("Hãy đổi mật khẩu trước: PUT /api/v1/me/password. (Change your password first.)");
  element("who").textContent = `${told.display_name || told.username} (${grants.join(", ")})`;
}

element("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  tell("");
  const given = { username: element("username").value.trim(), password: element("password").value };
  const code = element("code").value.trim();
  if (code) given.totp = code;
  try {
    const { ok, told } = await ask("POST", "/api/v1/auth/login", given);
    if (ok) {
      element("sign-in").reset();
      element("code-field").hidden = true;
      take(told);
    } else {
      element("code-field").hidden = !["totp.required", "totp.invalid"].includes(told.code) && element("code-field").hidden;
      tell(told.detail || told.title || "Không đăng nhập được. (Signing in failed.)");
    }
  } catch {
    tell("Không kết nối được với máy chủ. (The server cannot be reached.)");
  }
});

element("sign-out").addEventListener("click", async () => {
  const { refresh } = session;
  take(null);
  tell("");
  await ask("POST", "/api/v1/auth/logout", { refresh_token: refresh }).catch(() => {});
});

/**
 * The document as this page shows it: Swagger UI fills in the examples of parameters, and an optional filter that nobody chose finds
 * nothing, or tells the audit trail a purpose that nobody stated.
 */
function unfilled(contract) {
  const resolve = (it) => (it && it.$ref ? it.$ref.split("/").slice(1).reduce((at, part) => at[part], contract) : it);
  const plain = ({ example, examples, default: value, ...schema }) => schema;
  const optional = ({ example, examples, ...parameter }) => {
    const { items, ...schema } = resolve(parameter.schema);
    const shown = example ?? schema.example;
    const description = [parameter.description, shown !== undefined && `Ví dụ (example): \`${shown}\``].filter(Boolean).join("\n\n");
    return { ...parameter, description, schema: items ? { ...plain(schema), items: plain(resolve(items)) } : plain(schema) };
  };
  const operations = Object.values(contract.paths).flatMap((path) => Object.values(path));
  for (const operation of operations.filter((it) => it.parameters)) {
    operation.parameters = operation.parameters.map((it) => (resolve(it).required ? it : optional(resolve(it))));
  }
  return contract;
}

const settings = {
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  requestInterceptor: (request) => {
    // What signs in by itself is left as it is; other hosts are told nothing.
    const own = new URL(request.url, location.href).origin === location.origin;
    if (session && own && !request.headers.Authorization) request.headers.Authorization = `Bearer ${session.access}`;
    return request;
  },
  onComplete: () => {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    if (!kept) return;
    session = kept;
    if (kept.until - Date.now() < 60_000) {
      renew();
    } else {
      window.ui.preauthorizeApiKey("bearer", kept.access);
      plan();
      show();
    }
  },
};

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then((contract) => {
    window.ui = SwaggerUIBundle({ ...settings, spec: unfilled(contract) });
  })
  .catch(() => tell("Không tải được tài liệu API. Hãy tải lại trang. (The document cannot be read: reload.)"));
