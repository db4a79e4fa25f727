// A receipt as an invoice: on the page, on paper, as a PDF.
import { get } from "/assets/common/api.js";
import { dateTime, duration, facts, h, paise, printSheet, rupees } from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { texts } from "/assets/counter/texts.js";

const words = texts.receipt;
const pathOf = (sessionId) => `/api/user/sessions/${encodeURIComponent(sessionId)}/receipt/`;

function lines(receipt) {
  const seller = receipt.seller;
  const half = `${seller.gst_percent / 2} %`;
  return facts([
    [words.entry, dateTime(receipt.entry_time)],
    receipt.exit_time ? [words.exit, dateTime(receipt.exit_time)] : null,
    [texts.bill.duration, duration(receipt.duration_minutes)],
    receipt.vehicle_number ? [words.vehicle, receipt.vehicle_number] : null,
    [words.zone, receipt.zone_name],
    receipt.slot_number ? [words.slot, receipt.slot_number] : null,
    ...receipt.rate_lines.map((line) => [
      texts.bill.rate(line.hours, line.hourly_rate),
      rupees(line.amount),
    ]),
    receipt.surcharge > 0 ? [words.surcharge, rupees(receipt.surcharge)] : null,
    [words.taxable, paise(receipt.taxable_paise)],
    [`${words.cgst} ${half}`, paise(receipt.cgst_paise)],
    [`${words.sgst} ${half}`, paise(receipt.sgst_paise)],
    [words.total, rupees(receipt.total), "total"],
    ...receipt.payments.map((payment) => [
      words.paid(common.methods[payment.method] ?? payment.method),
      paise(payment.amount_paise),
    ]),
    ...receipt.credit_notes.map((note) => [words.credit(note.serial), `−${rupees(note.total)}`]),
  ]);
}

function parts(receipt) {
  const seller = receipt.seller;
  return [
    h("h2", {}, seller.name),
    seller.address ? h("p", {}, seller.address) : null,
    seller.gstin ? h("p", {}, `${words.gstin} ${seller.gstin}`) : null,
    h(
      "p",
      {},
      `${words.title(receipt.serial)} · ${words.sac} ${seller.sac} · ${dateTime(receipt.issued_at)}`,
    ),
    lines(receipt),
  ];
}

/** The receipt of a session as a card, or null where there is none. */
export async function receiptCard(sessionId) {
  let receipt;
  try {
    receipt = (await get(pathOf(sessionId))).data;
  } catch (wrong) {
    if (wrong.status === 404) return null;
    throw wrong;
  }
  return h(
    "section",
    { class: "card", id: "receipt" },
    h("div", { class: "paper stack" }, parts(receipt)),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", onclick: () => printSheet(parts(receipt)) }, words.print),
      h(
        "a",
        {
          class: "button plain",
          href: `${pathOf(sessionId)}?format=pdf`,
          target: "_blank",
          rel: "noopener",
        },
        words.pdf,
      ),
    ),
  );
}
