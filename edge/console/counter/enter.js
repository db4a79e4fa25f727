// The entry scan: a ticket's code, and who came in where.
import { once } from "/assets/common/api.js";
import { form } from "/assets/common/forms.js";
import { dateTime, facts, h, notice, show } from "/assets/common/page.js";
import { gateOptions } from "/assets/counter/ticket.js";
import { texts } from "/assets/counter/texts.js";

const words = texts.enter;

export async function drawEnter(host) {
  const gates = await gateOptions("entry");
  const below = h("div", { "aria-live": "polite" });
  const enter = once();
  const ask = form({
    className: "scan",
    fields: [
      {
        name: "qr_code",
        label: words.code,
        required: true,
        autofocus: true,
        autocomplete: "off",
        spellcheck: "false",
        placeholder: words.scan,
      },
      {
        name: "vehicle_number",
        label: words.vehicle,
        autocomplete: "off",
        autocapitalize: "characters",
      },
      {
        name: "gate",
        label: texts.ticket.gate,
        options: gates,
        value: gates.length === 2 ? gates[1][0] : "",
      },
    ],
    submit: words.submit,
    act: async (values, whole) => {
      const code = whole.input("qr_code");
      try {
        const { data } = await enter("/api/staff/entry/", values);
        show(
          below,
          h(
            "section",
            { class: "card", id: "entered" },
            notice(words.done(data.vehicle_number), "good"),
            h("p", { class: "amount" }, data.slot_number),
            facts([
              [words.zone, data.zone_name],
              [words.at, dateTime(data.entry_time)],
            ]),
            h("p", { class: "soft" }, words.next),
          ),
        );
        code.value = "";
        whole.input("vehicle_number").value = "";
      } finally {
        code.focus();
        code.select();
      }
    },
  });
  show(host, h("section", { class: "card" }, ask), below);
  ask.input("qr_code").focus();
}
