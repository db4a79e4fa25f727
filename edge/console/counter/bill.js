// A bill like an invoice, and the ways to settle it: cash with change, online, or another length of
// a stay that nobody is sure of.
import { once } from "/assets/common/api.js";
import { field } from "/assets/common/forms.js";
import {
  dateTime,
  duration,
  facts,
  h,
  notice,
  pressed,
  rupees,
  show,
} from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { receiptCard } from "/assets/counter/receipt.js";
import { texts } from "/assets/counter/texts.js";

const words = texts.bill;

export function billFacts(bill) {
  return facts([
    [words.slot, bill.slot_number || "–"],
    [words.entry, dateTime(bill.entry_time)],
    [bill.exit_time ? words.exit : words.now, dateTime(bill.exit_time ?? bill.quoted_at)],
    [words.duration, duration(bill.duration_minutes)],
    [words.hours, String(bill.billed_hours)],
    ...bill.rate_lines.map((line) => [
      words.rate(line.hours, line.hourly_rate),
      rupees(line.amount),
    ]),
    [words.charge, rupees(bill.amount_charged)],
    bill.amount_prepaid > 0 ? [words.paid, `−${rupees(bill.amount_prepaid)}`] : null,
    bill.refund_amount > 0 ? [words.refund, rupees(bill.refund_amount)] : null,
    [words.due, rupees(bill.amount_due), "total"],
  ]);
}

/** The lengths of a suspect stay, to choose from; null where nobody doubts it. */
function stayChoice(bill) {
  if (!bill.suspicion) return null;
  const options = (bill.stays ?? []).map((stay) => [
    stay.stay,
    `${words.stays[stay.stay]}: ${duration(stay.duration_minutes)}, ${rupees(stay.amount_due)}`,
  ]);
  const stay = field({ name: "stay", label: words.stay, options, required: true });
  const reason = field({ name: "reason", label: words.stayReason, required: true, maxlength: 200 });
  const dueOf = () =>
    bill.stays.find((each) => each.stay === stay.input.value)?.amount_due ?? bill.amount_due;
  return {
    parts: [notice(words.suspect[bill.suspicion] ?? bill.suspicion, "warn"), stay, reason],
    stay,
    reason,
    dueOf,
  };
}

function methodChoice(onchange) {
  const radio = (method) =>
    h(
      "label",
      {},
      h("input", {
        type: "radio",
        name: "payment_method",
        value: method,
        checked: method === "CASH" ? true : undefined,
        onchange,
      }),
      common.methods[method],
    );
  const group = h(
    "fieldset",
    { class: "choices" },
    h("legend", { class: "unseen" }, words.method),
    radio("CASH"),
    radio("ONLINE"),
  );
  group.chosen = () => group.querySelector(":checked").value;
  return group;
}

/** What was settled: the word, the change in large figures, and the receipt. */
async function settled(host, bill, next) {
  const isPaid = bill.payment_status === "SUCCESS";
  const told = !isPaid ? words.pending : bill.amount_charged > 0 ? words.done : words.goodbye;
  const change =
    bill.change > 0
      ? h("p", { class: "amount", id: "change" }, words.change(rupees(bill.change)))
      : null;
  const again = h("button", { type: "button", id: "next", onclick: next }, words.again);
  show(
    host,
    h(
      "section",
      { class: "card", id: "settled" },
      notice(told, isPaid ? "good" : "warn"),
      change,
      billFacts(bill),
      h("div", { class: "row" }, again),
    ),
  );
  again.focus();
  if (!isPaid) return;
  const receipt = await receiptCard(bill.session_id).catch(() => null);
  if (receipt) host.append(receipt);
}

/** Draws the bill into `host`. `gates`: options for the barrier; `more`: buttons for what is out of
 *  the ordinary; `next()` begins with another vehicle. */
export function drawBill(host, bill, { gates, more = [], next }) {
  const told = h("div", { "aria-live": "assertive" });
  const choice = stayChoice(bill);
  const due = () => choice?.dueOf() ?? bill.amount_due;
  const gate = field({ name: "gate", label: texts.ticket.gate, options: gates });
  const tendered = field({
    name: "tendered",
    label: words.tendered,
    type: "number",
    min: 0,
    step: "0.01",
    inputmode: "decimal",
    autocomplete: "off",
  });
  const change = h("p", { class: "amount", id: "change-due", "aria-live": "polite" });
  const button = h("button", { type: "submit", id: "settle" });
  const refresh = () => {
    const isCash = method.chosen() === "CASH";
    const given =
      tendered.input.value === ""
        ? null
        : Math.round(Number(tendered.input.value) * 100) - Math.round(due() * 100);
    tendered.hidden = !isCash || due() === 0;
    change.hidden = tendered.hidden || given === null;
    change.textContent =
      given === null
        ? ""
        : given < 0
          ? words.tooLittle(rupees(-given / 100))
          : words.change(rupees(given / 100));
    button.textContent = due() === 0 ? words.letOut : isCash ? words.takeCash : words.askOnline;
  };
  const method = methodChoice(refresh);
  tendered.input.addEventListener("input", refresh);
  choice?.stay.input.addEventListener("change", refresh);
  const exit = once();
  const settle = async () => {
    const isCash = method.chosen() === "CASH";
    const asked = {
      session_id: bill.session_id,
      payment_method: method.chosen(),
      amount: due(),
      gate: gate.input.value || undefined,
      tendered:
        isCash && due() > 0 && tendered.input.value !== ""
          ? Number(tendered.input.value)
          : undefined,
      ...(choice ? { stay: choice.stay.input.value, reason: choice.reason.input.value } : {}),
    };
    try {
      const said = await exit("/api/staff/exit/", asked);
      await settled(host, said.data, next);
    } catch (wrong) {
      if (wrong.code !== "amount_changed" || !wrong.data) throw wrong;
      drawBill(host, wrong.data, { gates, more, next });
      host.prepend(notice(words.changed, "warn"));
    }
  };
  const ask = h(
    "form",
    {
      novalidate: true,
      id: "settle-form",
      onsubmit: (event) => {
        event.preventDefault();
        pressed(button, told, settle);
      },
    },
    choice?.parts ?? [],
    due() === 0 && !choice ? notice(words.free, "good") : method,
    tendered,
    change,
    gate,
    told,
    h(
      "div",
      { class: "row" },
      button,
      h("button", { type: "button", class: "plain", onclick: next }, common.cancel),
    ),
  );
  show(
    host,
    h(
      "section",
      { class: "card", id: "bill" },
      h("h2", {}, words.title(bill.vehicle_number)),
      h("p", { class: "amount", id: "amount-due" }, rupees(due())),
      billFacts(bill),
    ),
    h(
      "section",
      { class: "card" },
      ask,
      more.length > 0
        ? h("details", {}, h("summary", {}, words.otherwise), h("div", { class: "row" }, more))
        : null,
    ),
  );
  refresh();
  (tendered.hidden ? button : tendered.input).focus();
  return host;
}
