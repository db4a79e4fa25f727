// Every lane with its barrier, who waits there, and what was decided last.
import { post, read } from "/assets/common/api.js";
import { askReason } from "/assets/common/forms.js";
import { badge, h, notice, rupees, show, timeOfDay } from "/assets/common/page.js";
import { texts } from "/assets/staff/texts.js";

const words = texts.lanes;
const kindOf = {
  open: "good",
  opening: "good",
  held: "warn",
  locked: "warn",
  fault: "bad",
  unreachable: "bad",
};
const kindOfDecision = { open: "good", pay: "warn", wait: "warn", deny: "bad" };

function barrierPart(barrier) {
  const loops = [
    barrier.vehicle_present ? words.present : null,
    barrier.vehicle_under_arm ? words.under : null,
  ].filter(Boolean);
  return [
    h(
      "p",
      { class: "state" },
      badge(words.state[barrier.state] ?? barrier.state, kindOf[barrier.state]),
    ),
    h("p", { class: "soft" }, loops.length > 0 ? loops.join(". ") : words.nobody),
  ];
}

/** A barrier moved: its lane is redrawn where it stands. False: it is not on the page. */
export function noteBarrier(host, barrier) {
  const part = host.querySelector(`[data-barrier-of="${CSS.escape(barrier.gate)}"]`);
  if (part) show(part, barrierPart(barrier));
  return part !== null;
}

function buttons(gate, told) {
  return h(
    "div",
    { class: "row" },
    Object.entries(words.acts).map(([act, name]) =>
      h(
        "button",
        {
          type: "button",
          class: act === "open" ? "small" : "small plain",
          "data-act": act,
          onclick: () =>
            askReason({
              title: words.why(name, gate),
              text: words.untouched,
              submit: name,
              act: async (values) => {
                await post(`/api/staff/gates/${encodeURIComponent(gate)}/${act}/`, values);
                show(told, notice(words.told, "good"));
              },
            }),
        },
        name,
      ),
    ),
  );
}

function waiting(session) {
  if (!session) return null;
  return h(
    "p",
    {},
    `${words.waiting}: ${session.vehicle_number ?? "–"}, ${rupees(session.amount_due)} `,
    h(
      "a",
      {
        class: "button small",
        href: `#counter?session_id=${encodeURIComponent(session.session_id)}`,
      },
      words.bill,
    ),
  );
}

function laneCard(gate) {
  const told = h("div", { "aria-live": "polite" });
  const decisions = gate.decisions
    .filter((each) => each.decision)
    .map((each) =>
      h(
        "li",
        {},
        `${timeOfDay(each.received_at)} `,
        badge(each.decision, kindOfDecision[each.decision]),
        ` ${each.reason.replaceAll("_", " ")}`,
      ),
    );
  return h(
    "section",
    { class: "card lane", id: `lane-${gate.gate}` },
    h(
      "div",
      { class: "row ends" },
      h("h2", {}, gate.gate),
      badge(words.direction[gate.direction] ?? gate.direction),
    ),
    gate.barrier
      ? h("div", { "data-barrier-of": gate.gate }, barrierPart(gate.barrier))
      : h("p", { class: "soft" }, words.noBarrier),
    waiting(gate.waiting_session),
    gate.barrier ? buttons(gate.gate, told) : null,
    told,
    h("h3", {}, words.decisions),
    decisions.length > 0
      ? h("ul", { class: "decisions" }, decisions)
      : h("p", { class: "soft" }, words.none),
  );
}

export async function drawLanes(host) {
  const { gates } = await read("/api/staff/gates/");
  const told = h("div", { "aria-live": "assertive" });
  const emergency = h(
    "section",
    { class: "card emergency row ends" },
    h("div", {}, h("h2", {}, words.emergency), h("p", { class: "soft" }, words.emergencyAbout)),
    h(
      "button",
      {
        type: "button",
        class: "danger",
        id: "emergency",
        onclick: () =>
          askReason({
            title: words.emergency,
            text: words.emergencyAbout,
            submit: words.emergencySubmit,
            danger: true,
            act: async (values) => {
              await post("/api/staff/emergency-open/", values);
              show(told, notice(words.told, "good"));
            },
          }),
      },
      words.emergencySubmit,
    ),
  );
  show(
    host,
    h("div", { class: "columns" }, gates.map(laneCard)),
    gates.some((gate) => gate.barrier) ? emergency : null,
    told,
  );
}
