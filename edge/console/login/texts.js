// What the sign-in page says. One place, so that another language is another file.
export const texts = {
  title: "Sign in",
  name: "User name",
  password: "Password",
  submit: "Sign in",
};
