// Accounts: who may sign in, as what, and what they may.
import { call, post } from "/assets/common/api.js";
import { ask } from "/assets/common/forms.js";
import { badge, dateTime, h, paise, reportTo } from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { button } from "/assets/admin/money.js";
import { anyOf, drawList, text } from "/assets/admin/lists.js";
import { texts } from "/assets/admin/texts.js";

const columns = texts.columns;
const acts = texts.acts;
const path = "/api/admin/users/";
const of = (user) => `${path}${encodeURIComponent(user.user_id)}/`;

const rights = (user) => [
  { name: "may_refund", label: acts.mayRefund, type: "checkbox", value: user?.may_refund },
  { name: "may_terminate", label: acts.mayTerminate, type: "checkbox", value: user?.may_terminate },
];
const reach = (user) => [
  { name: "email", label: acts.email, type: "email", value: user?.email, autocomplete: "off" },
  { name: "phone", label: acts.phone, type: "tel", value: user?.phone, autocomplete: "off" },
];

/** Only what is different is sent; what was emptied, empty. */
function changed(user, values) {
  const all = { email: "", phone: "", ...values };
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name, value]) => (user[name] ?? (typeof value === "boolean" ? false : "")) !== value,
    ),
  );
}

const create = (again) =>
  ask({
    title: acts.newUser,
    submit: acts.save,
    fields: [
      {
        name: "username",
        label: acts.username,
        required: true,
        autocomplete: "off",
        autocapitalize: "none",
      },
      {
        name: "password",
        label: acts.password,
        type: "password",
        required: true,
        autocomplete: "new-password",
        minlength: 10,
      },
      {
        name: "role",
        label: acts.role,
        required: true,
        options: Object.entries(common.roles),
        value: "STAFF",
      },
      { name: "gate", label: acts.gate },
      ...reach(null),
      ...rights(null),
    ],
    act: (values) =>
      post(path, Object.fromEntries(Object.entries(values).filter(([, value]) => value !== false))),
  }).then((done) => done && again());

const edit = (user, again) =>
  ask({
    title: acts.editUser(user.username),
    submit: acts.save,
    fields: [
      { name: "role", label: acts.role, options: Object.entries(common.roles), value: user.role },
      { name: "gate", label: acts.gate, value: user.gate },
      ...reach(user),
      { name: "disabled", label: acts.disabled, type: "checkbox", value: user.disabled },
      ...rights(user),
      { name: "password", label: acts.newPassword, type: "password", autocomplete: "new-password" },
    ],
    act: (values) => call("PATCH", of(user), changed(user, values)),
  }).then((done) => done && again());

const remove = (user, again) =>
  ask({
    title: acts.removeUser(user.username),
    text: acts.removeUserAbout,
    submit: acts.remove,
    danger: true,
    fields: [],
    act: () => call("DELETE", of(user)),
  }).then((done) => done && again());

/** What somebody did, in a box of its own. */
async function showActivity(user) {
  const list = h("div", { class: "stack" });
  const box = h(
    "dialog",
    { class: "wide", "aria-label": acts.activity },
    h("h2", {}, `${acts.activity}: ${user.username}`),
    list,
    button(common.close, () => box.close()),
  );
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  await drawList(list, {
    path: `${of(user)}activity/`,
    plural: "activity",
    csv: true,
    columns: [
      { name: columns.when, text: (row) => dateTime(row.at) },
      { name: columns.kind, text: (row) => row.kind.replaceAll("_", " ") },
      { name: columns.target, text: (row) => row.subject ?? row.session_id ?? "" },
      {
        name: columns.amount,
        text: (row) => (row.amount_paise == null ? "" : paise(row.amount_paise)),
        kind: "number",
      },
      { name: columns.detail, text: (row) => row.detail ?? "", kind: "words" },
    ],
  }).catch((wrong) => reportTo(list, wrong));
}

export const drawUsers = (host) =>
  drawList(host, {
    path,
    plural: "users",
    csv: true,
    before: h(
      "div",
      { class: "row" },
      button(acts.newUser, () => create(host.again), ""),
    ),
    filters: [
      text("q", texts.filters.search),
      anyOf("role", texts.filters.role, Object.entries(common.roles)),
      anyOf("disabled", acts.disabled, [
        ["true", texts.filters.yes],
        ["false", texts.filters.no],
      ]),
    ],
    columns: [
      { name: columns.name, text: (row) => h("strong", {}, row.username) },
      { name: columns.role, text: (row) => common.roles[row.role] ?? row.role },
      {
        name: columns.active,
        text: (row) => (row.disabled ? badge(acts.disabled, "bad") : badge(columns.active, "good")),
      },
      {
        name: columns.rights,
        text: (row) =>
          [row.may_refund ? acts.mayRefund : null, row.may_terminate ? acts.mayTerminate : null]
            .filter(Boolean)
            .join(", "),
      },
      { name: columns.email, text: (row) => row.email || "–" },
      { name: columns.phone, text: (row) => row.phone || "–" },
      {
        name: "",
        kind: "actions",
        text: (row) =>
          h(
            "span",
            {},
            button(acts.activity, () => showActivity(row)),
            " ",
            button(acts.edit, () => edit(row, host.again)),
            " ",
            button(acts.remove, () => remove(row, host.again), "danger small"),
          ),
      },
    ],
  });
