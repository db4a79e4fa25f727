// The staff's live stream: events are noted by name, and whoever draws is told that something is new.
import { goToSignIn } from "/assets/common/api.js";
import { h } from "/assets/common/page.js";
import { texts } from "/assets/common/texts.js";

const silenceMax = 40_000; // the gateway says `alive` every 15 s
const reopenAfter = 3_000; // when the browser gave up by itself

/** `on`: event name → act(data). Gives back the word that says whether the page is live. */
export function listen(on) {
  const word = h("span", { class: "live", id: "live", "data-state": "lost" }, texts.lost);
  let source = null;
  let heardAt = performance.now();
  const tell = (isLive) => {
    word.dataset.state = isLive ? "live" : "lost";
    word.textContent = isLive ? texts.live : texts.lost;
  };
  const open = () => {
    source?.close();
    source = new EventSource("/api/staff/stream/");
    const heard = () => {
      heardAt = performance.now();
      tell(true);
    };
    source.addEventListener("open", heard);
    source.addEventListener("alive", heard);
    for (const [name, act] of Object.entries(on)) {
      source.addEventListener(name, (event) => {
        heard();
        act(JSON.parse(event.data));
      });
    }
    source.addEventListener("error", async () => {
      tell(false);
      if (source.readyState !== EventSource.CLOSED) return;
      // The browser does not say why: ask once, as any other call.
      const answer = await fetch("/api/staff/gates/", { credentials: "same-origin" }).catch(
        () => null,
      );
      if (answer?.status === 401) return goToSignIn();
      setTimeout(open, reopenAfter);
    });
  };
  open();
  setInterval(() => {
    if (performance.now() - heardAt > silenceMax && source.readyState === EventSource.OPEN) open();
  }, 5_000);
  return word;
}

/** Calls `act` soon, once for many reasons at a time. */
export function soon(act, delay = 400) {
  let waits = 0;
  return () => {
    if (waits) return;
    waits = setTimeout(() => {
      waits = 0;
      act();
    }, delay);
  };
}
