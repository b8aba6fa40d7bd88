// overlay-line.js: tag and remaining time over somebody else's picture, for a mixer or OBS. Nothing else is drawn, and nothing
// while only the logo shall stand, the wall is signed off, or there is nothing to count.

import { ownScreen, standing } from "wall/screen-own"
import { spellAt } from "wall/screen-plan-page"
import { learn, now } from "wall/screen-time"

const SECONDS_BELOW_MS = 5 * 60_000
const FARTHEST_MS = 3 * 3_600_000
const SPOKEN = new Set(["talk", "ending", "sessions"])

class OverlayLine extends HTMLElement {
  #timer
  #listening
  #denied = false

  connectedCallback() {
    const [loaded] = performance.getEntriesByType("navigation")
    if (loaded) {
      const [sentAt, cameAt] = [loaded.requestStart, loaded.responseStart].map((at) => performance.timeOrigin + at)
      learn({ sentAt, cameAt, now: Number(this.dataset.now) })
    }
    this.#listening = new AbortController()
    const { signal } = this.#listening
    document.addEventListener("live-change", () => this.#tell(), { signal })
    document.addEventListener("stream-state", ({ detail }) => this.#heard(detail.state), { signal })
    this.#timer = setInterval(() => this.#tell(), 500)
    this.#tell()
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearInterval(this.#timer)
  }

  #heard(state) {
    this.#denied ||= state === "denied"
    this.#tell()
  }

  #tell() {
    const at = now()
    this.hidden = this.#denied || standing("logo", at) !== null
    const { scene, ends } = spellAt(ownScreen().stands || "hall", at)
    const left = SPOKEN.has(scene) && ends !== null ? ends - at : 0
    const words = left > 0 && left < FARTHEST_MS ? this.#words(left) : ""
    const plate = this.querySelector("[data-left]")
    if (plate.textContent !== words) plate.textContent = words
    plate.hidden = words === ""
  }

  #words(left) {
    if (left >= SECONDS_BELOW_MS) return this.dataset.minutes.replace("{n}", Math.ceil(left / 60_000))
    const seconds = Math.ceil(left / 1_000)
    return this.dataset.seconds.replace("{time}", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`)
  }
}

customElements.define("overlay-line", OverlayLine)
