// The page a driver comes back to: what the stay costs, whether it is paid, the ticket, the receipt.
// Who knows the session's id may look; nobody signs in.
import { get, Refused } from "/assets/common/api.js";
import {
  dateTime,
  duration,
  facts,
  frame,
  h,
  notice,
  reportTo,
  rupees,
  show,
} from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { receiptCard } from "/assets/counter/receipt.js";
import { texts } from "/assets/pay/texts.js";

const sessionId = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
const lookAgainAfter = 4_000;
const drawAgainAfter = 180_000;
let shown = { text: "", at: 0 };
const main = frame({ title: texts.title, narrow: true });

function told(session) {
  if (session.status === "CANCELLED") return notice(texts.cancelled, "warn");
  if (session.status === "EXPIRED") return notice(texts.expired, "warn");
  if (session.is_paid && session.exit_time) return notice(texts.paid, "good");
  if (session.payment_status === "FAILED") return notice(texts.failed, "bad");
  if (session.payments.some((payment) => ["CREATING", "PENDING"].includes(payment.status)))
    return notice(texts.pending, "warn");
  if (session.is_paid) return notice(texts.paid, "good");
  return notice(session.status === "ACTIVE" ? texts.inside : texts.open);
}

const isOver = (session) =>
  session.exit_time !== null || ["CANCELLED", "EXPIRED", "TERMINATED"].includes(session.status);

function ticket(session) {
  return h(
    "section",
    { class: "card" },
    h("h2", {}, texts.ticket),
    h("img", {
      class: "qr",
      alt: session.qr_code,
      src: `/api/user/sessions/${encodeURIComponent(session.session_id)}/qr.svg`,
    }),
    h("p", { class: "code" }, session.qr_code),
    h("p", { class: "soft" }, texts.ticketAbout),
  );
}

/** Not of a script, say. */
function isOfTheWeb(link) {
  try {
    return /^https?:$/.test(new URL(link).protocol);
  } catch {
    return false;
  }
}

/** A page of the provider's, as long as it waits for the money. */
function payLink(payment) {
  const link = payment?.link ?? "";
  return ["CREATING", "PENDING"].includes(payment?.status) && isOfTheWeb(link)
    ? h("a", { class: "button", href: link, rel: "noopener" }, texts.payNow)
    : null;
}

/** How the payment stands, which may be asked often; the stay itself only when that is different, or
 *  now and then: whoever is not signed in has a hundred questions an hour. */
async function look() {
  const said = await get(`/api/payment/${encodeURIComponent(sessionId)}/status/`);
  const isUnderWay = ["CREATING", "PENDING"].includes(said.payment?.status);
  const text = JSON.stringify(said);
  if (text !== shown.text || performance.now() - shown.at > drawAgainAfter) {
    shown = { text, at: performance.now() };
    if (await draw(said.payment)) return;
  }
  setTimeout(again, isUnderWay ? lookAgainAfter : 5 * lookAgainAfter);
}

/** True: nothing will change any more. */
async function draw(payment) {
  const session = await get("/api/user/current-session/", { session_id: sessionId });
  const receipt = session.exit_time ? await receiptCard(sessionId) : null;
  show(
    main,
    told(session),
    h(
      "section",
      { class: "card", id: "stay" },
      h("p", { class: "amount", id: "amount-due" }, rupees(session.amount_due)),
      facts([
        [common.states[session.status] ?? session.status, ""],
        session.vehicle_number ? [texts.vehicle, session.vehicle_number] : null,
        [texts.zone, session.zone_name],
        session.slot_number ? [texts.slot, session.slot_number] : null,
        session.entry_time ? [texts.entry, dateTime(session.entry_time)] : null,
        session.exit_time ? [texts.exit, dateTime(session.exit_time)] : null,
        session.entry_time ? [texts.duration, duration(session.duration_minutes)] : null,
        [texts.soFar, rupees(session.amount_so_far)],
        [texts.amountPaid, rupees(session.amount_paid)],
        session.payment_ref_id ? [texts.reference, session.payment_ref_id] : null,
        [texts.due, rupees(session.amount_due), "total"],
      ]),
      payLink(payment),
    ),
    receipt,
    isOver(session) ? null : ticket(session),
  );
  return isOver(session);
}

async function again() {
  try {
    await look();
  } catch (wrong) {
    if (wrong instanceof Refused && (wrong.status === 404 || wrong.status === 400))
      return show(main, notice(texts.unknown, "bad"));
    reportTo(main, wrong);
    if (wrong instanceof Refused) setTimeout(again, 2 * lookAgainAfter);
  }
  return undefined;
}
again();
