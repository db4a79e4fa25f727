// The field that a scanner types into: a ticket's code, a plate or a slot, and the bill of whatever
// it was.
import { read } from "/assets/common/api.js";
import { h, notice, reportTo, show } from "/assets/common/page.js";
import { drawBill } from "/assets/counter/bill.js";
import { lostTicket, specialButtons } from "/assets/counter/special.js";
import { gateOptions, ticketCard } from "/assets/counter/ticket.js";
import { texts } from "/assets/counter/texts.js";

let slots = null; // names, as the lot calls them

async function queryOf(text) {
  const upper = text.toUpperCase();
  if (/^(PARK|QR)-/.test(upper) || upper.length > 24) return { qr_code: text };
  slots ??= new Set((await read("/api/staff/slot-status/")).slots.map((slot) => slot.slot_number));
  const slot = [...slots].find((name) => name.toUpperCase() === upper);
  return slot ? { slot } : { vehicle_number: text };
}

/** The field in `host`, and the bill below it. */
export async function drawFind(host, { query = null, others = null } = {}) {
  const gates = await gateOptions("exit", texts.bill.whereItWaits);
  const below = h("div", { class: "stack" });
  const input = h("input", {
    id: "find",
    name: "find",
    autocomplete: "off",
    autofocus: true,
    spellcheck: "false",
    autocapitalize: "characters",
    placeholder: texts.find.scan,
  });
  const begin = () => {
    show(below);
    input.value = "";
    input.focus();
  };
  const showBill = (bill) =>
    drawBill(below, bill, {
      gates,
      next: begin,
      more: specialButtons(bill, gates, {
        after: showAfter,
        told: (text) => show(below, notice(text, "good")),
      }),
    });
  const showAfter = (bill) => {
    showBill(bill);
    if (bill.left) return show(below, notice(texts.bill.pending, "warn"));
    if (bill.qr_code) below.prepend(ticketCard({ ...bill, zone_name: "" }, texts.lost.made));
    return undefined;
  };
  const find = async (wanted) => {
    try {
      showBill(await read("/api/staff/bill/", wanted));
    } catch (wrong) {
      reportTo(below, wrong);
      if (wrong.status === 404)
        below.append(
          h(
            "div",
            { class: "row" },
            h("span", {}, texts.find.noteLost),
            h(
              "button",
              {
                type: "button",
                class: "plain",
                onclick: async () => {
                  const made = await lostTicket({ vehicle_number: wanted.vehicle_number });
                  if (made?.session_id) showAfter(made);
                },
              },
              texts.bill.lost,
            ),
          ),
        );
      input.select();
    }
  };
  const ask = h(
    "form",
    {
      class: "card scan",
      novalidate: true,
      onsubmit: async (event) => {
        event.preventDefault();
        const text = input.value.trim();
        if (text) find(await queryOf(text));
        else input.focus();
      },
    },
    h("label", { for: "find" }, texts.find.label, input),
    h("div", { class: "row" }, h("button", { type: "submit" }, texts.find.submit), others),
  );
  show(host, ask, below);
  if (query) await find(query);
  else input.focus();
}
