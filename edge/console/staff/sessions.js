// Who is on the lot, or expected.
import { get, read } from "/assets/common/api.js";
import { field } from "/assets/common/forms.js";
import { badge, dateTime, duration, h, rupees, show, table } from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { texts } from "/assets/staff/texts.js";

const words = texts.sessions;
const pageSize = 50;
const wanted = { page: 1, zone_id: "", status: "" }; // kept while the page is open
const kindOfState = { ACTIVE: "good", EXIT_PENDING: "warn" };

const columns = [
  { name: words.vehicle, text: (row) => h("strong", {}, row.vehicle_number ?? "–") },
  { name: words.slot, text: (row) => row.slot_number },
  {
    name: words.status,
    text: (row) =>
      h(
        "span",
        {},
        badge(common.states[row.status] ?? row.status, kindOfState[row.status]),
        " ",
        row.overstay ? badge(words.overstay, "bad") : "",
      ),
  },
  { name: words.entry, text: (row) => dateTime(row.entry_time) },
  { name: words.duration, text: (row) => duration(row.duration_minutes), kind: "number" },
  { name: words.due, text: (row) => rupees(row.amount_due), kind: "number" },
  {
    name: "",
    kind: "actions",
    text: (row) =>
      row.entry_time
        ? h(
            "a",
            {
              class: "button small plain",
              href: `#counter?session_id=${encodeURIComponent(row.session_id)}`,
            },
            words.bill,
          )
        : "",
  },
];

export async function drawSessions(host) {
  const { zones } = await read("/api/public/zones/");
  const list = h("div", { class: "stack" });
  const draw = async () => {
    const { data, pagination } = await get("/api/staff/active-sessions/", {
      ...wanted,
      page_size: pageSize,
    });
    const pages = Math.max(1, Math.ceil(pagination.total / pageSize));
    const turn = (by, name) =>
      h(
        "button",
        {
          type: "button",
          class: "plain small",
          disabled: wanted.page + by < 1 || wanted.page + by > pages,
          onclick: () => {
            wanted.page += by;
            draw();
          },
        },
        name,
      );
    show(
      list,
      h("p", { class: "soft", id: "sessions-count" }, words.count(pagination.total)),
      table(columns, data.sessions, {
        empty: words.empty,
        kindOf: (row) => (row.overstay ? "bad" : null),
      }),
      pages > 1
        ? h(
            "div",
            { class: "row" },
            turn(-1, words.less),
            words.page(wanted.page, pages),
            turn(1, words.more),
          )
        : null,
    );
  };
  const select = (name, label, options) => {
    const made = field({ name, label, options, value: wanted[name] });
    made.input.addEventListener("change", () => {
      wanted[name] = made.input.value;
      wanted.page = 1;
      draw();
    });
    return made;
  };
  show(
    host,
    h(
      "div",
      { class: "filters" },
      select("zone_id", words.filterZone, [
        ["", words.all],
        ...zones.map((zone) => [zone.zone_id, zone.name]),
      ]),
      select("status", words.filterStatus, [
        ["", words.anyStatus],
        ...["BOOKED", "ACTIVE", "EXIT_PENDING"].map((state) => [state, common.states[state]]),
      ]),
    ),
    list,
  );
  await draw();
}
