import { homeOf, signIn } from "/assets/common/api.js";
import { form } from "/assets/common/forms.js";
import { frame, h, show } from "/assets/common/page.js";
import { texts } from "/assets/login/texts.js";

localStorage.removeItem("gatehouse-who"); // who signs in is somebody else from here on
const main = frame({ title: texts.title, narrow: true });

/** Where to go on: an address of ours, never another site's. */
function next(role) {
  const wanted = new URLSearchParams(location.search).get("next") ?? "";
  const there = wanted.startsWith("/") ? new URL(wanted, location.origin) : null;
  const isOurs = there?.origin === location.origin && !there.pathname.startsWith("/login");
  return isOurs ? there.pathname + there.hash : homeOf(role);
}

const ask = form({
  fields: [
    {
      name: "username",
      label: texts.name,
      required: true,
      autocomplete: "username",
      autocapitalize: "none",
      autofocus: true,
    },
    {
      name: "password",
      label: texts.password,
      type: "password",
      required: true,
      autocomplete: "current-password",
    },
  ],
  submit: texts.submit,
  act: async ({ username, password }) => location.assign(next(await signIn(username, password))),
});
show(main, h("section", { class: "card" }, ask));
ask.input("username").focus();
