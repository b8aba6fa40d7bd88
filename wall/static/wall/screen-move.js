// screen-move.js: how posts move to their new places on the beamer: only through transform and opacity, and not at all where somebody
// wants no motion.

const MOVE_MS = 250

// Where each post that stands in `host` begins.
export function topsOf(host) {
  return new Map([...host.querySelectorAll("[data-staged]")].map((element) => [element, element.getBoundingClientRect().top]))
}

// `before`: the tops as they were. A turn of the whole stage fades in; else what stays slides, and what is new fades in.
export function moveIn(host, before, why) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return
  const timing = { duration: MOVE_MS, easing: "ease-out" }
  if (why === "turn") return void host.animate([{ opacity: 0 }, { opacity: 1 }], timing)
  for (const [element, top] of topsOf(host)) {
    const shift = (before.get(element) ?? top) - top
    if (!before.has(element)) element.animate([{ opacity: 0 }, { opacity: 1 }], timing)
    else if (shift !== 0) element.animate([{ transform: `translateY(${shift}px)` }, { transform: "none" }], timing)
  }
}
