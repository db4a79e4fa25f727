// Calls to the gateway. Who asks is in cookies that no script can read; a call that changes
// something also carries the token of gh_csrf (docs/contract/http.md, "Tokens").

const whoKey = "gatehouse-who"; // name and role, to greet by: what an account may is not decided here

/** What the gateway refused, in its own words; status 0: it could not be reached, or its answer
 *  broke off, and nobody knows what it did. */
export class Refused extends Error {
  constructor(status, said) {
    super(said?.error ?? said?.message ?? "");
    this.status = status;
    this.code = said?.code ?? "";
    this.fields = said?.fields ?? {};
    this.data = said?.data ?? null;
  }
}

function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

function actKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

export function address(path, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => value !== "" && value != null);
  const text = new URLSearchParams(pairs).toString();
  return text ? `${path}?${text}` : path;
}

/** The whole answer; throws Refused. Whoever is not signed in any more is asked to. */
export async function call(method, path, body, { key, atSignIn = false } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  if (method !== "GET") headers["X-CSRF-Token"] = cookie("gh_csrf");
  let response;
  let said = null;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    said = await response.json();
  } catch (wrong) {
    if (!response || response.ok) throw new Refused(0, null);
  }
  if (response.status === 401 && !atSignIn) goToSignIn();
  if (!response.ok || said?.success === false) throw new Refused(response.status, said);
  return said;
}

export const get = (path, query) => call("GET", address(path, query));
/** `data` of the answer. */
export const read = async (path, query) => (await get(path, query)).data;
export const post = (path, body = {}, options = {}) => call("POST", path, body, options);

/** Whether the gateway itself said no: then nothing was done. A lost line, `no_answer`, `in_progress`
 *  and what a proxy says for itself leave it open. */
const isDecided = (wrong) =>
  wrong.status >= 400 && wrong.status < 500 && wrong.code !== "" && wrong.code !== "in_progress";

/** A POST that is done once, however often it is sent: while nobody knows what became of it, the
 *  same request carries the same name again. */
export function once() {
  let key = "";
  let sent = "";
  return async (path, body) => {
    const text = path + JSON.stringify(body);
    if (key === "" || text !== sent) key = actKey();
    sent = text;
    try {
      const said = await post(path, body, { key });
      key = "";
      return said;
    } catch (wrong) {
      if (isDecided(wrong)) key = "";
      throw wrong;
    }
  };
}

export function whoIsHere() {
  try {
    return JSON.parse(localStorage.getItem(whoKey));
  } catch {
    return null;
  }
}

export function goToSignIn() {
  localStorage.removeItem(whoKey);
  location.assign(address("/login/", { next: location.pathname + location.hash }));
}

/** Where somebody of that role has work to do. */
export const homeOf = (role) => ({ ADMIN: "/admin/", STAFF: "/staff/" })[role] ?? "/";

export async function signIn(username, password) {
  const said = await call("POST", "/api/auth/login/", { username, password }, { atSignIn: true });
  localStorage.setItem(whoKey, JSON.stringify({ name: username, role: said.role }));
  return said.role;
}

/** Throws Refused where the gateway could not be told: its cookies, which no script can take away,
 *  still stand then. A 401 says that nobody was signed in any more. */
export async function signOut() {
  try {
    await call("POST", "/api/auth/logout/", {}, { atSignIn: true });
  } catch (wrong) {
    if (!(wrong instanceof Refused) || wrong.status !== 401) throw wrong;
  }
  localStorage.removeItem(whoKey);
  location.assign("/login/");
}
