// cue-clock.js: the server's clock on a page of the staff, and the cues of a shared projector as the page holds them.

// How far this machine's clock is behind the server's, in ms; `told` is the time at which the page was drawn.
export function offsetOf(told) {
  const [loaded] = performance.getEntriesByType("navigation")
  const at = performance.timeOrigin + (loaded?.responseStart ?? 0)
  return Number.isFinite(told) ? told - at : 0
}

// [{ at, slides, about }] of one projector.
export function cuesOf(element) {
  try {
    return JSON.parse(element.dataset.cues).map(([at, slides, about]) => ({ at, slides: slides === 1, about }))
  } catch {
    return []
  }
}

// The cue to act on: the one that has just come, for as long as somebody may still be walking to the switch, else the next.
export function dueCue(cues, at, graceMs = 60_000) {
  return cues.find((cue) => cue.at + graceMs > at) ?? null
}
