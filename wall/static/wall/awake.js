// awake.js: asks the browser not to let the screen sleep. The lock is lost whenever the window is covered, and is only given
// on TLS or localhost; without it the technician's power plan has to do.

let lock = null

// "1" while the screen is kept awake, "0" while it is not, "" where the browser cannot.
export function awakeNow() {
  if (!navigator.wakeLock) return ""
  return lock && !lock.released ? "1" : "0"
}

export function keepAwake(signal) {
  const hold = async () => {
    if (document.hidden || signal.aborted || (lock && !lock.released)) return
    try {
      lock = (await navigator.wakeLock?.request("screen")) ?? null
    } catch {
      lock = null // refused, for example on low battery: the next time the window is seen it asks again
    }
  }
  document.addEventListener("visibilitychange", hold, { signal })
  signal.addEventListener("abort", () => lock?.release())
  hold()
}
