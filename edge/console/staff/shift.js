// The drawer: opened with a float, counted and closed, and the Z report that comes of it.
import { once, Refused, read } from "/assets/common/api.js";
import { form } from "/assets/common/forms.js";
import { dateTime, facts, h, notice, printSheet, rupees, show } from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { texts } from "/assets/staff/texts.js";

const words = texts.shift;
const acts = ["lost_tickets", "stays_chosen", "let_outs", "terminations", "openings_by_hand"];

async function openShift() {
  try {
    return await read("/api/staff/shift/");
  } catch (wrong) {
    if (wrong instanceof Refused && wrong.code === "no_shift") return null;
    throw wrong;
  }
}

export function shiftFacts(shift) {
  const method = (each) => common.methods[each.method] ?? each.method;
  const isClosed = shift.closed_at !== null;
  return facts([
    [words.user, shift.user],
    [words.opened, dateTime(shift.opened_at)],
    isClosed ? [words.closed, dateTime(shift.closed_at)] : null,
    [words.float, rupees(shift.float)],
    ...shift.takings.flatMap((each) => [
      [words.takings(method(each)), `${each.payments} · ${rupees(each.amount)}`],
      each.refunds > 0
        ? [words.refunds(method(each)), `${each.refunds} · −${rupees(each.refunded)}`]
        : null,
    ]),
    ...acts.filter((act) => shift[act] > 0).map((act) => [words[act], String(shift[act])]),
    // Who counts is not told beforehand what the count should be.
    isClosed ? [words.expected, rupees(shift.expected)] : null,
    isClosed ? [words.counted, rupees(shift.counted)] : null,
    isClosed && shift.over > 0 ? [words.over, rupees(shift.over), "total"] : null,
    isClosed && shift.short > 0 ? [words.short, rupees(shift.short), "total"] : null,
    isClosed && shift.over === 0 && shift.short === 0 ? [words.fits, rupees(0), "total"] : null,
  ]);
}

export function zReport(shift) {
  const title = () => h("h2", {}, words.zTitle(shift.z_number));
  return h(
    "section",
    { class: "card", id: "z-report" },
    title(),
    h("div", { class: "paper" }, shiftFacts(shift)),
    h(
      "div",
      { class: "row" },
      h(
        "button",
        { type: "button", onclick: () => printSheet(title(), shiftFacts(shift)) },
        words.print,
      ),
    ),
  );
}

function drawNone(host, above = []) {
  const open = once();
  const ask = form({
    fields: [
      {
        name: "float",
        label: words.float,
        type: "number",
        min: 0,
        step: "0.01",
        inputmode: "decimal",
        required: true,
        autofocus: true,
      },
    ],
    submit: words.open,
    act: async (values) => drawOpen(host, (await open("/api/staff/shift/open/", values)).data),
  });
  show(
    host,
    above,
    h("section", { class: "card", id: "shift" }, notice(words.none), ask),
    earlier(),
  );
}

function drawOpen(host, shift) {
  const close = once();
  const ask = form({
    fields: [
      {
        name: "counted",
        label: words.count,
        type: "number",
        min: 0,
        step: "0.01",
        inputmode: "decimal",
        required: true,
        hint: words.countAbout,
      },
    ],
    submit: words.close,
    act: async (values) =>
      drawNone(host, [zReport((await close("/api/staff/shift/close/", values)).data)]),
  });
  show(
    host,
    h(
      "div",
      { class: "columns" },
      h("section", { class: "card", id: "shift" }, h("h2", {}, words.title), shiftFacts(shift)),
      h("section", { class: "card" }, h("h2", {}, words.close), ask),
    ),
    earlier(),
  );
}

function earlier() {
  const found = h("div", {});
  const ask = form({
    fields: [
      { name: "shift_id", label: words.earlierNumber, type: "number", min: 1, required: true },
    ],
    submit: words.show,
    act: async (values) => {
      const shift = await read("/api/staff/shift/", values);
      show(
        found,
        shift.closed_at ? zReport(shift) : h("section", { class: "card" }, shiftFacts(shift)),
      );
    },
  });
  return h("details", { class: "card" }, h("summary", {}, words.earlier), ask, found);
}

export async function drawShift(host) {
  const shift = await openShift();
  if (shift) drawOpen(host, shift);
  else drawNone(host);
}
