// What all pages are made of. Text goes into the page as text, whatever it holds: h() knows no
// other way.
import { Refused, signOut, whoIsHere } from "/assets/common/api.js";
import { texts } from "/assets/common/texts.js";

/** h("button", { class: "plain", onclick: act }, "Open"): an element; null children are left out. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value") made.value = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

export function show(host, ...children) {
  host.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined),
  );
  return host;
}

// ---- Numbers and times, as people here write them

const money = new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR" });
const whole = new Intl.NumberFormat("en-IN");
const dayTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export const rupees = (amount) => (amount == null ? "–" : money.format(amount));
export const paise = (amount) => (amount == null ? "–" : money.format(amount / 100));
export const count = (number) => (number == null ? "–" : whole.format(number));
export const dateTime = (text) => (text ? dayTime.format(new Date(text)) : "–");
export const timeOfDay = (text) => (text ? clock.format(new Date(text)) : "–");
export function duration(minutes) {
  if (minutes == null) return "–";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// ---- The frame

/** Says so where it did not come to pass: the next person at this desk would be signed in. */
async function leave(button, told) {
  button.disabled = true;
  show(told);
  try {
    await signOut();
  } catch (wrong) {
    if (!(wrong instanceof Refused)) console.error(wrong);
    show(told, notice(texts.notSignedOut, "bad"));
  } finally {
    button.disabled = false;
  }
}

/** The header of every page, and its main part, which is given back. */
export function frame({ title, tabs = null, narrow = false }) {
  document.title = title;
  const who = whoIsHere();
  const told = h("div", { id: "sign-out-told", "aria-live": "polite" });
  const main = h("main", { id: "main", class: narrow ? "narrow stack" : "stack" });
  const signedIn =
    who === null
      ? null
      : h(
          "div",
          { class: "who" },
          h(
            "span",
            { id: "who", class: "soft" },
            `${who.name} · ${texts.roles[who.role] ?? who.role}`,
          ),
          h(
            "button",
            {
              type: "button",
              class: "plain small",
              id: "sign-out",
              onclick: (event) => leave(event.currentTarget, told),
            },
            texts.signOut,
          ),
        );
  document.body.replaceChildren(
    h("header", { class: "top" }, h("h1", {}, title), pagesFor(who), signedIn),
    told,
    ...(tabs ? [tabs] : []),
    main,
  );
  return main;
}

function pagesFor(who) {
  const pages =
    who?.role === "ADMIN" || who?.role === "STAFF"
      ? [
          ["/staff/", texts.pages.staff],
          ["/parking/entry/", texts.pages.entry],
          ["/parking/exit-qr-scan/", texts.pages.exit],
        ]
      : [];
  if (who?.role === "ADMIN") pages.unshift(["/admin/", texts.pages.admin]);
  pages.push(["/", texts.pages.board]);
  return h(
    "nav",
    { class: "row", "aria-label": texts.pagesLabel },
    pages
      .filter(([path]) => path !== location.pathname)
      .map(([path, name]) => h("a", { href: path }, name)),
  );
}

/** Sections of one page by the part after `#`; `open(name)` draws one of them. */
export function sections(named, open) {
  const links = Object.entries(named).map(([name, text]) => h("a", { href: `#${name}` }, text));
  const bar = h("nav", { class: "tabs", "aria-label": texts.sectionsLabel }, links);
  const follow = () => {
    const wanted = location.hash.slice(1).split("?")[0];
    const name = wanted in named ? wanted : Object.keys(named)[0];
    for (const link of links) {
      if (link.hash.slice(1) === name) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else link.removeAttribute("aria-current");
    }
    open(name);
  };
  addEventListener("hashchange", follow);
  return { bar, follow };
}

// ---- Telling

export const badge = (text, kind = "") => h("span", { class: "badge", "data-kind": kind }, text);
export const notice = (text, kind = "") =>
  h("p", { class: "notice", "data-kind": kind, role: kind === "bad" ? "alert" : "status" }, text);

/** What went wrong, for people. */
export function sentence(wrong) {
  if (!(wrong instanceof Refused)) return texts.brokenPage;
  if (wrong.status === 0) return texts.unreachable;
  if (wrong.status === 429) return wrong.message || texts.tooMany;
  return wrong.message || texts.refused;
}

export function reportTo(host, wrong) {
  if (!(wrong instanceof Refused)) console.error(wrong);
  show(host, notice(sentence(wrong), "bad"));
}

/** Runs `act`, during which the button cannot be pressed again; what is refused is told in `host`. */
export async function pressed(button, host, act) {
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    return await act();
  } catch (wrong) {
    reportTo(host, wrong);
    return undefined;
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

/** A list of names and values. */
export const facts = (pairs) =>
  h(
    "dl",
    { class: "facts" },
    pairs
      .filter(Boolean)
      .map(([name, value, kind]) => [
        h("dt", { class: kind }, name),
        h("dd", { class: kind }, value ?? "–"),
      ]),
  );

/** columns: { name, text: row → child, kind? } */
export function table(columns, rows, { empty = texts.nothing, kindOf = () => null } = {}) {
  if (rows.length === 0) return h("p", { class: "soft" }, empty);
  const cell = (tag, column, child) => h(tag, { class: column.kind }, child ?? "–");
  return h(
    "div",
    { class: "scroll", tabindex: 0 },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((column) => cell("th", column, column.name)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            { "data-kind": kindOf(row) },
            columns.map((column) => cell("td", column, column.text(row))),
          ),
        ),
      ),
    ),
  );
}

/** Prints these children and nothing else of the page. */
export function printSheet(...children) {
  const sheet = h("section", { class: "sheet" }, children);
  const clean = () => {
    document.body.classList.remove("prints-sheet");
    sheet.remove();
  };
  document.body.append(sheet);
  document.body.classList.add("prints-sheet");
  addEventListener("afterprint", clean, { once: true });
  const pictures = [...sheet.querySelectorAll("img")].map((each) => each.decode().catch(() => {}));
  Promise.all(pictures).then(() => print());
}
